"""Two assessments beside each other: what moved, from which reason to which, and what people decided in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.exposure.compare import compare

from .verdicts import COLUMNS, write_cells

REASONS = {name: {"method": "reach", "ja": f"{name}の理由", "en": f"why {name}"} for name in ("a", "b", "c")}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", name="drill")


def _assess(case: Case, number: int, verdicts: dict[tuple[str, str], tuple[str, str]], **more: Any) -> None:
    folder = case.assessments / f"{number:03d}"
    folder.mkdir()
    write_cells(
        folder,
        [
            ("holder", subject, item, verdict, reason, "reach", False)
            for (subject, item), (verdict, reason) in verdicts.items()
        ],
    )
    persons = {"subject": ["holder:1", "holder:2"], "person_id": ["holder:1", "holder:1"]}
    pq.write_table(pa.table(persons), folder / "persons.parquet")
    (folder / "reasons.json").write_text(json.dumps(REASONS), encoding="utf-8")
    told = {"sources": [], "paths": [], "window": None, "delimited": True, "gaps": [], "inputs": {}, **more}
    (folder / "assessment.json").write_text(json.dumps(told), encoding="utf-8")
    case.record("assessment.made", {"assessment": number})


def test_what_moved_is_counted_by_category_and_told_by_subject(case: Case) -> None:
    _assess(case, 1, {("holder:1", "name"): ("possible", "a"), ("holder:1", "email"): ("possible", "a"),
                      ("holder:2", "name"): ("possible", "a"), ("holder:3", "name"): ("confirmed", "b")})  # fmt: skip
    _assess(case, 2, {("holder:1", "name"): ("confirmed", "b"), ("holder:1", "email"): ("confirmed", "b"),
                      ("holder:2", "name"): ("confirmed", "b"), ("holder:3", "name"): ("confirmed", "c")})  # fmt: skip
    found = compare(case, 1, 2)
    assert found["moves"] == [
        {"category": "holder", "before": "possible", "after": "confirmed", "cells": 3, "records": 2, "persons": 1}
    ]
    assert [(row["reason_before"]["en"], row["reason_after"]["en"], row["cells"]) for row in found["reasons"]] == [
        ("why a", "why b", 3)
    ]
    assert [(row["subject"], row["items"]) for row in found["subjects"]] == [
        ("holder:1", ["email", "name"]),
        ("holder:2", ["name"]),
    ]


def test_a_cell_that_only_one_assessment_knows_has_moved_too(case: Case) -> None:
    _assess(case, 1, {("holder:1", "name"): ("possible", "a")})
    _assess(case, 2, {("holder:2", "name"): ("ruled_out", "c")})
    assert [(row["before"], row["after"]) for row in compare(case, 1, 2)["moves"]] == [
        ("absent", "ruled_out"),
        ("possible", "absent"),
    ]


def test_causes_are_files_path_states_and_what_people_decided_between_the_two(case: Case) -> None:
    same = {("holder:1", "name"): ("possible", "a")}
    case.record("indicator.confirmed", {"value": "before the first"})
    _assess(case, 1, same, sources=[{"sha256": "1", "name": "access.log"}], paths=[{"id": "host", "state": "open"}])
    case.record("indicator.dismissed", {"value": "192.0.2.7"})
    _assess(case, 2, same, sources=[{"sha256": "2", "name": "db.log"}], paths=[{"id": "host", "state": "closed"}])
    case.record("indicator.confirmed", {"value": "after the second"})
    causes = compare(case, 1, 2)["causes"]
    assert (causes["sources_added"], causes["sources_removed"]) == (["db.log"], ["access.log"])
    assert [(path["path"], path["before"][0], path["after"][0]) for path in causes["paths"]] == [
        ("host", "open", "closed")
    ]
    assert [(entry["act"], entry["details"]["value"]) for entry in causes["decisions"]] == [
        ("indicator.dismissed", "192.0.2.7")
    ]


def test_an_assessment_that_is_not_there_is_named(case: Case) -> None:
    with pytest.raises(UsageError, match="007"):
        compare(case, 7, 8)


def test_what_changed_beside_a_verdict_that_stayed_is_counted_apart(case: Case) -> None:
    for number, protected in ((1, False), (2, True)):
        _assess(case, number, {("holder:1", "name"): ("confirmed", "b")})
        beside = ("level", "protected", "protection")
        row = ("holder", "holder:1", "name", "confirmed", "b", "reach", False, "direct", protected, "")
        write_cells(case.assessments / f"{number:03d}", [row], (*COLUMNS, *beside))
    found = compare(case, 1, 2)
    assert found["moves"] == []
    assert found["beside"] == [
        {"category": "holder", "item": "name", "level_before": "direct", "level_after": "direct",
         "protected_before": False, "protected_after": True, "cells": 1}
    ]  # fmt: skip
