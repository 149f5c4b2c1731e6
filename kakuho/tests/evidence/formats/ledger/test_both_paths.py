"""The fast path, the careful path, and blocks of any size read apart give the same."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakuho.errors import UsageError
from kakuho.evidence.formats import FORMATS, Part
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.ledger import disclosure_ledger
from kakuho.evidence.formats.ledger.block import read_carefully
from kakuho.evidence.formats.ledger.canonical import canonical_events
from kakuho.evidence.formats.ledger.chain import Chain
from kakuho.evidence.formats.ledger.disclosures import shown_by

from ...reading import read_whole, source_file
from .segments import damaged, damages, events, segment
from .showing import shown_items

LEDGER = FORMATS["disclosure_ledger"]
CLEAN = {
    "v": 1,
    "kind": "disclosure",
    "segment": "s",
    "time": "2025-03-13T18:40:48.773273Z",
    "request": "0" * 32,
    "actor": {"kind": "staff", "id": "account:1", "role": "claims", "subject": None},
    "session": None,
    "address": "127.0.0.1",
    "method": "GET",
    "route": "/staff/policyholders/{key}/",
    "status": 200,
    "purpose": "claims_handling",
    "disclosures": [
        {"items": ["name", "phone"], "masked": ["bank_account"], "subject": "policyholder:12"},
        {"items": ["name"], "masked": [], "subject": "clinic:3"},
    ],
}


def _in_blocks(data: bytes, block_bytes: int) -> Part | None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(disclosure_ledger, "line_blocks", partial(line_blocks, block_bytes=block_bytes))
        path = Path(folder) / "segment.jsonl"
        path.write_bytes(data)
        try:
            return read_whole(LEDGER, source_file(path))
        except UsageError:
            return None


def _carefully(data: bytes) -> tuple[Part, Chain]:
    block = LineBlock(data, 0, 1)
    chain = Chain(opening=disclosure_ledger._opening(block))
    part = read_carefully(block, chain)
    ended = chain.end_of_break(None)
    part.facts["breaks"] += [ended] if ended else []
    return part, chain


def _told(part: Part) -> dict[str, Any]:
    tables = {name: part.tables[name].to_pylist() if name in part.tables else [] for name in LEDGER_TABLES}
    told: dict[str, Any] = {"events": part.events, "rejects": part.rejects, "ignored": dict(part.ignored)}
    items = shown_items(part) if part.tables else []
    return {**told, **tables, "items": items, "breaks": part.facts["breaks"], "lines": part.lines}


LEDGER_TABLES = ("ledger_event", "ledger_chain")


def _assert_same(data: bytes, block_bytes: int) -> None:
    whole = _in_blocks(data, block_bytes)
    careful, chain = _carefully(data)
    if whole is None:
        assert chain.opening is None
        return
    assert _told(whole) == _told(careful)
    assert chain.opening is not None
    assert {name: whole.facts[name] for name in ("segment", "started", "keyed", "last_seq", "last_time")} == {
        "segment": chain.opening.segment,
        "started": chain.opening.started,
        "keyed": chain.opening.keyed,
        "last_seq": chain.seq,
        "last_time": chain.last_time,
    }


@settings(max_examples=100)
@given(st.lists(events, min_size=1, max_size=12), damages, st.integers(1, 3000), st.sampled_from([None, bytes(16)]))
@example([CLEAN] * 6, [("flip", 3, 100)], 700, None)
@example([CLEAN] * 6, [("flip", 6, 100)], 10_000, None)
@example([CLEAN], [("garbage", 0, 0)], 1, None)
@example([CLEAN] * 6, [("header", 3, 0), ("cut", 5, 30)], 700, None)
@example([CLEAN] * 6, [("flip", 3, 400)], 700, bytes(16))
def test_blocks_of_any_size_give_what_one_careful_reading_gives(
    records: list[dict[str, Any]], done: list[tuple[str, int, int]], block_bytes: int, key: bytes | None
) -> None:
    _assert_same(damaged(segment(records, key), done), block_bytes)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=3), st.integers(1, 9000))
def test_a_changed_byte_gives_the_same_on_both_paths(changes: list[tuple[int, int]], block_bytes: int) -> None:
    data = bytearray(b"".join(segment([CLEAN] * 8)))
    for place, value in changes:
        data[place % len(data)] = value
    _assert_same(bytes(data), block_bytes)


def test_what_the_ledger_writes_is_read_on_the_fast_path() -> None:
    data = b"".join(segment([CLEAN] * 30))
    taken = canonical_events(LineBlock(data, 0, 1), keyed=False)
    assert taken.index.tolist() == list(range(1, 30)), (
        "all but the header and what ends less than 256 bytes before the end"
    )


def test_a_header_put_in_between_does_not_switch_the_verification_off() -> None:
    lines = segment([CLEAN] * 6)
    forged = segment([CLEAN], bytes(16))[0]
    changed = lines[5].replace(b"policyholder:12", b"policyholder:99")
    whole = _in_blocks(b"".join([*lines[:3], forged, *lines[3:5], changed, lines[6]]), 1 << 20)
    assert whole is not None
    assert [(line, reason) for line, _, reason in whole.rejects] == [(4, "hash_wrong"), (7, "hash_wrong")]


@pytest.mark.parametrize("length", [0, 1, 30, 31, 32, 33, 34, 94, 95, 96, 97])
def test_a_subject_of_up_to_95_bytes_is_read_on_the_fast_path_and_a_longer_one_carefully(length: int) -> None:
    record = {**CLEAN, "disclosures": [{"items": ["name"], "masked": [], "subject": "s" * length}]}
    data = b"".join(segment([record] * 8))
    found = canonical_events(LineBlock(data, 0, 1), keyed=False)
    _, readable = shown_by(data, found)
    assert readable.tolist() == [length <= 95] * len(found.index) != []
    _assert_same(data, 1 << 20)


@pytest.mark.parametrize(
    "value", [b"0" * 32, b"account:1", b"staff", b"claims", b"127.0.0.1", b"/staff/", b"claims_h", b"policyholder:12"]
)
def test_a_quotation_mark_inside_a_text_is_no_event_even_where_no_key_is_there_to_check_the_hash(value: bytes) -> None:
    lines = segment([CLEAN] * 8, bytes(16))
    lines[4] = lines[4].replace(value, value[:-1] + b'"', 1)
    whole = _in_blocks(b"".join(lines), 1 << 20)
    assert whole is not None
    assert [(line, reason) for line, _, reason in whole.rejects] == [(5, "not_json")]
    _assert_same(b"".join(lines), 1 << 20)


def test_more_pages_of_one_length_than_are_told_apart_give_the_same() -> None:
    records = [{**CLEAN, "purpose": f"purpose-{number:02}"} for number in range(40)]
    data = b"".join(segment(records))
    taken = canonical_events(LineBlock(data, 0, 1), keyed=False)
    assert taken.index.tolist() == list(range(1, 34)), "the nine with a number of one digit and 24 of those with two"
    _assert_same(data, 1 << 20)


def test_a_hash_that_is_none_is_kept_for_the_checkpoints_as_it_stands() -> None:
    lines = segment([CLEAN] * 8, bytes(16))
    claimed = lines[4][lines[4].index(b'"hash":"') + 8 :][:64]
    data = b"".join(lines).replace(b'"hash":"' + claimed, b'"hash":"' + b"Z" * 64)
    whole = _in_blocks(data, 1 << 20)
    assert whole is not None
    rows = whole.tables["ledger_chain"].to_pylist()
    assert [row["other"] for row in rows] == [None] * 4 + ["Z" * 64] + [None] * 4
    assert rows[3]["digest"].hex().encode() == lines[3][lines[3].index(b'"hash":"') + 8 :][:64]
    _assert_same(data, 1 << 20)
