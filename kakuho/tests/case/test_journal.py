"""The journal: append-only, chained, and honest about what a crash did to it."""

from __future__ import annotations

import json
import resource
import threading
from pathlib import Path

import pytest

from kakuho.case.journal import FIRST_PREVIOUS, Journal, leaf_data, leaf_hash
from kakuho.errors import IntegrityError, KakuhoError
from kakuho.language import Bilingual


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl", who="tanaka")


def test_a_line_has_these_keys_and_names_the_hash_of_the_line_before(journal: Journal) -> None:
    first = journal.append("case.created", {"name": "事案"})
    second = journal.append("evidence.sealed", who="suzuki")
    lines = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert [sorted(line) for line in lines] == [["act", "details", "hash", "prev", "seq", "time", "who"]] * 2
    assert (first.seq, first.prev, first.who) == (0, FIRST_PREVIOUS, "tanaka")
    assert (second.seq, second.prev, second.who) == (1, first.hash, "suzuki")


def test_the_hash_is_the_rfc_9162_leaf_hash_of_the_canonical_line() -> None:
    fields = {"seq": 0, "time": "2025-04-22T00:00:00.000000Z", "who": "a", "act": "b", "details": {}, "prev": "0"}
    # printf '\0{"act":"b","details":{},"prev":"0","seq":0,"time":"2025-04-22T00:00:00.000000Z","who":"a"}' | sha256sum
    assert leaf_hash(leaf_data(fields)) == "9e74cb51f20c0dd027a404ad719e5a81430322a0ae7a785643a8d6c10e24f021"


def test_a_changed_line_is_named(journal: Journal) -> None:
    for act in ("one", "two", "three"):
        journal.append(act)
    journal.path.write_text(journal.path.read_text().replace('"two"', '"TWO"'))
    with pytest.raises(IntegrityError) as caught:
        journal.entries()
    assert caught.value.where == f"{journal.path}:2"


def test_a_removed_line_is_named_by_the_place_where_it_is_missing(journal: Journal) -> None:
    for act in ("one", "two", "three"):
        journal.append(act)
    lines = journal.path.read_text().splitlines(keepends=True)
    journal.path.write_text(lines[0] + lines[2])
    with pytest.raises(IntegrityError) as caught:
        journal.entries()
    assert caught.value.where == f"{journal.path}:2"


def test_nothing_is_appended_to_a_journal_that_was_changed(journal: Journal) -> None:
    journal.append("one")
    journal.path.write_text(journal.path.read_text().replace('"one"', '"two"'))
    before = journal.path.read_bytes()
    with pytest.raises(IntegrityError):
        journal.append("three")
    assert journal.path.read_bytes() == before


def test_the_hash_covers_the_very_bytes_of_a_line(journal: Journal) -> None:
    journal.append("one", {"number": 1})
    journal.append("two")
    content = journal.path.read_bytes()
    journal.path.write_bytes(content.replace(b'"number":1', b'"number": 1', 1))
    with pytest.raises(IntegrityError) as caught:
        journal.entries()
    assert caught.value.where == f"{journal.path}:1"


def test_an_append_checks_the_end_of_the_journal_and_a_reader_all_of_it(journal: Journal) -> None:
    for act in ("one", "two", "three"):
        journal.append(act, {"text": "長い" * 40_000})
    content = journal.path.read_bytes()
    journal.path.write_bytes(content.replace(b'"two"', b'"TWO"'))
    assert journal.append("four").seq == 3
    with pytest.raises(IntegrityError) as caught:
        journal.entries()
    assert caught.value.where == f"{journal.path}:2"
    journal.path.write_bytes(content.replace(b'"three"', b'"THREE"'))
    with pytest.raises(IntegrityError) as caught:
        journal.append("four")
    assert caught.value.where == f"{journal.path}:3"


def test_a_key_named_hash_among_the_details_is_only_a_detail(journal: Journal) -> None:
    details = {"hash": "0" * 64, "text": '","hash":"' + "1" * 64 + '","prev":"'}
    journal.append("one", {**details, "nested": details}, who='","hash":"' + "2" * 64 + '"')
    journal.append("two")
    assert [entry.act for entry in journal.entries()] == ["one", "two"]
    assert journal.entries()[0].details["nested"] == details


def test_a_full_disk_leaves_the_journal_as_it_was(journal: Journal) -> None:
    journal.append("one")
    before = journal.path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
    try:
        with pytest.raises(KakuhoError) as caught:
            journal.append("two")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.where.startswith(str(journal.path)) and caught.value.remedy
    assert journal.path.read_bytes() == before
    assert journal.append("two").seq == 1


def test_a_torn_last_line_is_set_aside_told_and_recorded(journal: Journal) -> None:
    journal.append("one")
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + b'{"act":"two","det')
    told: list[Bilingual] = []
    journal.notify = told.append

    assert [entry.act for entry in journal.entries()] == ["one"]
    assert "torn" in told[0]
    journal.append("three")

    assert [entry.act for entry in journal.entries()] == ["one", "journal.torn_line_set_aside", "three"]
    assert journal.entries()[1].details["bytes"] == 17
    assert journal.path.with_suffix(".torn").read_bytes() == b'{"act":"two","det\n'
    assert "set aside" in told[1]


def test_writers_at_the_same_time_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"

    def write(who: str) -> None:
        for _ in range(10):
            Journal(path, who=who).append("act")

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    entries = Journal(path, who="x").entries()
    assert [entry.seq for entry in entries] == list(range(30))
    assert sorted(entry.who for entry in entries) == ["a"] * 10 + ["b"] * 10 + ["c"] * 10
