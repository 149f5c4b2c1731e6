"""HTTP archives: each entry is an event, also of an archive that is cut off or damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats.network.har import Har

from ...reading import read, recognise

LOGIN = Path(__file__).parents[2] / "data" / "chromium" / "login.har"
"""Made by ``data/make/chromium.py``."""


def _entry(**changes: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": "https://h.example/a?b=1#c", "httpVersion": "h2", "headers": [], "bodySize": -1}
    response = {"status": 200, "content": {"size": 5, "mimeType": "text/html"}, "bodySize": -1}
    return {
        "startedDateTime": "2025-03-19T09:00:01.250+09:00",
        "time": 3.5,
        "request": request,
        "response": response,
    } | changes


def _read(tmp_path: Path, text: str) -> tuple[list[dict[str, Any]], Any]:
    path = tmp_path / "a.har"
    path.write_text(text, encoding="utf-8")
    return read(Har(), path)


def _archive(*entries: dict[str, Any]) -> str:
    log = {"version": "1.2", "creator": {"name": "x", "entries": [1]}, "pages": [{"id": "p"}], "entries": list(entries)}
    return json.dumps({"log": log}, ensure_ascii=False, indent=1)


def test_what_chromium_recorded_of_a_login() -> None:
    rows, part = read(Har(), LOGIN)
    assert part.rejects == []
    assert [(row["method"], row["url_path"], row.get("url_query"), row["status"]) for row in rows] == [
        ("GET", "/", None, 200),
        ("POST", "/login", "next=%2Fpolicies%2F", 302),
        ("GET", "/policies/", "no=P-0001", 200),
    ]
    assert rows[1]["request_body"] == "user=山田花子&password=made-up"
    assert rows[1]["bytes_in"] == 58
    assert [row["bytes_out"] for row in rows] == [192, 0, 68]
    assert {row["user_agent"] for row in rows} == {"Mozilla/5.0 (made up)"}
    whole = LOGIN.read_bytes()
    assert all(whole[row["byte_offset"] :].startswith(b'{"pageref"') for row in rows)


def test_an_entry(tmp_path: Path) -> None:
    (row,), _ = _read(tmp_path, _archive(_entry()))
    assert str(row.pop("time")) == "2025-03-19 00:00:01.250000"
    assert row.pop("byte_offset") > 0
    assert row == {
        "line": 1,
        "duration_us": 3500,
        "host": "h.example",
        "method": "GET",
        "url_path": "/a",
        "url_query": "b=1",
        "http_version": "H2",
        "status": 200,
        "bytes_out": 5,
        "unmapped": '{"response_size":5,"response_type":"text/html","scheme":"https"}',
    }


def test_a_damaged_entry_costs_itself_alone(tmp_path: Path) -> None:
    text = _archive(_entry(), _entry(), _entry())
    second = text.index('"startedDateTime"', text.index('"startedDateTime"') + 1)
    rows, part = _read(tmp_path, text[:second] + "oops" + text[second:])
    assert [row["line"] for row in rows] == [1, 3]
    assert [(line, reason) for line, _, reason in part.rejects] == [(2, "record_not_json")]


def test_an_archive_that_is_cut_off_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    text = _archive(_entry(), _entry())
    rows, part = _read(tmp_path, text[:-300])
    assert (len(rows), part.lines) == (1, 2)
    assert part.rejects[0][2] == "record_not_json"


@pytest.mark.parametrize(
    ("change", "reason"), [({"startedDateTime": "yesterday"}, "time_not_valid"), ({"request": 7}, "not_har")]
)
def test_an_entry_that_is_no_request_is_rejected(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    rows, part = _read(tmp_path, _archive(_entry(**change)))
    assert rows == []
    assert part.rejects[0][2] == reason


@pytest.mark.timeout(60)
def test_a_text_without_an_end_is_passed_over_at_once(tmp_path: Path) -> None:
    """Looked at anew from each of its quotation marks it would take hours."""
    _, part = _read(tmp_path, '{"log":{"version":"1.2","comment":"' + '\\"' * 500_000)
    assert (part.lines, part.events) == (0, 0)


def test_another_json_document_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"log": {"level": "info"}}', encoding="utf-8")
    assert recognise(Har(), path) is None
    assert recognise(Har(), LOGIN) is not None
