"""Records out of JSON documents: behind damage the next record is found, quickly, and guessing changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import json_documents
from kakuho.evidence.formats.json_documents import record_blocks, records_of

NAMES, KEYS = frozenset({"entries"}), frozenset({"time", "request"})


def _records(data: bytes) -> list[tuple[int, int, bytes, bool]]:
    with NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        blocks = record_blocks(PlainContent(Path(file.name)), NAMES, KEYS)
        return [record for block in blocks for record in records_of(block)]


def _entry(number: int) -> dict[str, Any]:
    headers = [{"name": "Host", "value": "h"}, {"name": "X", "value": "花子"}]
    return {"time": number, "request": {"headers": headers, "cookies": []}, "response": {"headers": headers}}


def _document(count: int, indent: int | None = None) -> bytes:
    log = {"version": "1.2", "comment": "c", "entries": [_entry(number) for number in range(count)]}
    return json.dumps({"log": log}, ensure_ascii=False, indent=indent).encode()


@pytest.mark.parametrize("indent", [None, 1])
def test_an_entry_damaged_behind_its_headers_costs_itself_alone(indent: int | None) -> None:
    """Its headers are objects in an array too, which is no array of records."""
    document = _document(5, indent)
    response = document.index(b'"response"', document.index(b'"time": 1'))
    damaged = document[:response] + b"]" + document[response:]
    assert [(record[0], record[3]) for record in _records(damaged)] == [(n, n != 2) for n in (1, 2, 3, 4, 5)]


def test_records_are_found_though_a_text_before_them_has_no_end() -> None:
    document = _document(4).replace(b'"1.2"', b'"1.2')
    assert [json.loads(record[2])["time"] for record in _records(document)] == [0, 1, 2, 3]


def test_an_array_that_seems_to_end_goes_on_where_a_record_follows() -> None:
    document = _document(4)
    second = document.index(b'{"time": 1')
    found = _records(document[: second - 2] + b"]" + document[second - 2 :])
    assert [json.loads(record[2])["time"] for record in found] == [0, 1, 2, 3]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("wrong", [b"\\q", b"\\u12", b""])
def test_many_quotation_marks_in_a_text_that_is_wrong_further_on(wrong: bytes) -> None:
    """Looked at anew from each quotation mark they would take an hour."""
    text = b'{"log": {"comment": "' + b'\\"' * 500_000 + wrong + b'", '
    found = _records(text + _document(3)[len(b'{"log": {') :])
    assert [record[3] for record in found] == [True, True, True]


@pytest.mark.timeout(60)
def test_many_records_in_one_another_that_are_wrong_further_on() -> None:
    """Each of them is sound up to the same place; read anew from each they would take minutes."""
    opened = b"".join(b'{"time":[{},{"x":"%s"},' % (b"x" * 20_000) for _ in range(300))
    found = _records(b'{"log":{"entries":[' + opened + b"oops}" + b',{"time":1},{"time":2}]}}')
    assert [record[2] for record in found if record[3]][-2:] == [b'{"time":1}', b'{"time":2}']


@pytest.mark.timeout(60)
def test_records_that_differ_in_what_stands_between_them() -> None:
    document = b'{"entries":[' + b",".join(b'{"time":1}, {"k%d":2}' % n for n in range(30_000)) + b"]}"
    assert len(_records(document)) == 60_000


@given(
    st.lists(st.sampled_from([b'"', b"\\", b"{", b"}", b"]", b'},{"time":', b"\xff", b"1e", b"NaN", b""]), max_size=4),
    st.data(),
)
@settings(max_examples=150, deadline=None)
def test_guessing_where_a_record_ends_changes_nothing(put: list[bytes], data: st.DataObject) -> None:
    document = bytearray(_document(12))
    for piece in put:
        at = data.draw(st.integers(0, len(document) - 1))
        document[at : at + data.draw(st.integers(0, 3))] = piece
    guessed = _records(bytes(document))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_documents._Reader, "_guessed_end", lambda self: None)
        assert _records(bytes(document)) == guessed
