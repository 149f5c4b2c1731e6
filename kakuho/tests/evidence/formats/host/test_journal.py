"""The journal, as journalctl wrote it in both forms: the same entries, whatever a message holds."""

from __future__ import annotations

import json
from pathlib import Path

from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.host.journal_export import JournalExport
from kakuho.evidence.formats.host.journal_json import JournalJson

from ...reading import read, recognise

DATA = Path(__file__).resolve().parents[2] / "data" / "host"


def test_both_forms_hold_the_same_entries() -> None:
    exported, part = read(JournalExport(), DATA / "journal.export")
    as_json, other = read(JournalJson(), DATA / "journal.json")
    assert part.events == other.events == 5
    assert not part.rejects and not other.rejects
    for row in exported + as_json:
        del row["byte_offset"]
    assert exported == as_json


def test_who_came_in_and_what_was_run() -> None:
    rows, _ = read(JournalExport(), DATA / "journal.export")
    assert [(row.get("activity"), row.get("outcome"), row.get("user_name")) for row in rows] == [
        ("logon", "failure", "sakura"),
        ("logon", "success", "sakura"),
        (None, None, None),
        (None, None, None),
        ("launch", "success", "sakura"),
    ]
    assert rows[0]["time"].isoformat() == "2025-03-19T00:00:01"


def test_a_message_that_looks_like_an_entry_is_a_message() -> None:
    rows, _ = read(JournalExport(), DATA / "journal.export")
    assert rows[2]["message"] == "first line\n\n__CURSOR=x\n__REALTIME_TIMESTAMP=1\nMESSAGE=forged\n\nlast line"


def test_bytes_are_read_in_the_declared_encoding() -> None:
    rows, _ = read(JournalExport(), DATA / "journal.export", declared=Declared(encoding="cp932"))
    assert rows[3]["message"] == "bytes 日本 that are CP932"
    rows, _ = read(JournalJson(), DATA / "journal.json", declared=Declared(encoding="cp932"))
    assert rows[3]["message"] == "bytes 日本 that are CP932"


def test_each_entry_begins_where_it_says() -> None:
    data = (DATA / "journal.export").read_bytes()
    rows, _ = read(JournalExport(), DATA / "journal.export")
    assert [data[row["byte_offset"] :][:11] for row in rows] == [b"__CURSOR=s="] * 5


def test_an_entry_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.export"
    path.write_bytes((DATA / "journal.export").read_bytes()[:-200])
    rows, part = read(JournalExport(), path)
    assert len(rows) == 4
    assert [(number, reason) for number, _, reason in part.rejects] == [(5, "line_cut_off")]


def test_damage_costs_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "journal.export"
    path.write_bytes((DATA / "journal.export").read_bytes().replace(b"_PID=702", b"?PID?702"))
    rows, part = read(JournalExport(), path)
    assert [row["line"] for row in rows] == [1, 3, 4, 5]
    assert [reason for _, _, reason in part.rejects] == ["not_a_journal_entry"]


def test_sequence_numbers_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    entry = {"__REALTIME_TIMESTAMP": "1742342401000000", "__SEQNUM": "12", "__SEQNUM_ID": "ab", "MESSAGE": "x"}
    path.write_text(json.dumps(entry) + "\n")
    _, part = read(JournalJson(), path)
    assert [(row["stream"], row["number"]) for row in part.tables["sequence"].to_pylist()] == [("ab", 12)]


def test_they_know_their_own() -> None:
    exported, as_json = DATA / "journal.export", DATA / "journal.json"
    assert (found := recognise(JournalExport(), exported)) and found.confidence > 0.9
    assert (found := recognise(JournalJson(), as_json)) and found.confidence == 1
    assert recognise(JournalExport(), as_json) is None
    assert recognise(JournalJson(), exported) is None
