"""ModSecurity's two forms of audit log, as the real module wrote them (``data/make/modsecurity.py``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats import FORMATS, Declared

from ...reading import read, recognise

DATA = Path(__file__).parents[2] / "data" / "modsecurity"
FORMS = {"modsecurity_audit_log": "native.log", "modsecurity_json_log": "json.log"}
OF_ITS_OWN_RUN = {"time", "line", "byte_offset", "src_port", "duration_us", "dst_port", "uid"}
"""What differs because each form was written by a server of its own; the JSON form holds no duration."""


def _rows(form: str) -> list[dict[str, Any]]:
    rows, part = read(FORMATS[form], DATA / FORMS[form], declared=Declared("UTC"))
    assert part.rejects == []
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_by_itself(form: str) -> None:
    sure = {name: recognise(known, DATA / FORMS[form], Declared("UTC")) for name, known in FORMATS.items()}
    assert max((found.confidence, name) for name, found in sure.items() if found)[1] == form


def test_both_forms_tell_the_same_of_every_request() -> None:
    native, in_json = (
        [{**row, **json.loads(row["unmapped"]), "unmapped": None} for row in _rows(form)] for form in FORMS
    )
    assert len(native) == len(in_json) == 12
    for one, other in zip(native, in_json, strict=True):
        assert {name: value for name, value in one.items() if name not in OF_ITS_OWN_RUN} == {
            name: value for name, value in other.items() if name not in OF_ITS_OWN_RUN
        }


@pytest.mark.parametrize("form", FORMS)
def test_the_injected_requests_are_read_with_body_rules_and_answer(form: str) -> None:
    got, posted = _rows(form)[-2:]
    assert (got["method"], got["url_path"], got["url_query"]) == (
        "GET", "/legacy/lookup", "no=1%27%20UNION%20SELECT%20NULL--%20",
    )  # fmt: skip
    assert got["user_agent"] == "sqlmap/1.9"
    assert got["status"] == 404
    assert [rule["id"] for rule in json.loads(got["unmapped"])["rules"]] == ["101", "100"]
    assert (posted["method"], posted["url_path"], posted["status"]) == ("POST", "/form.txt", 200)
    assert posted["request_body"] == "name=山田&no=1' AND 1=1-- "
    assert (posted["bytes_in"], posted["bytes_out"]) == (28, 25)
