"""Whatever the bytes: no crash, no hang, no lost line, the same events whatever stands around them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats import FORMATS, Declared, Head
from kakuho.evidence.formats.base import Format, ReadsBlocks, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web import FORMATS as WEB

from .lines_of_each import CARRIERS, LINES

_SIGNS = [
    b'"',
    b"\\",
    b" ",
    b"[",
    b"]",
    b"-",
    b"%",
    b"\x00",
    b"\xff",
    b"\xe3\x81",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b",",
    b"9" * 25,
    b"--",
    b"\\ud800",
]
_MODIFIED = dt.datetime(2025, 4, 22, tzinfo=dt.UTC)
_DECLARED = Declared("Asia/Tokyo")


def _mutated(line: bytes) -> st.SearchStrategy[bytes]:
    def cut(places: tuple[int, int], sign: bytes) -> bytes:
        begin, end = sorted(place % (len(line) + 1) for place in places)
        return line[:begin] + sign + line[end:]

    place = st.integers(0, 5000)
    return st.builds(cut, st.tuples(place, place), st.sampled_from(_SIGNS) | st.just(b""))


def _check(known: Format, data: bytes, declared: Declared = _DECLARED) -> None:
    lines = tuple(line.rstrip(b"\r") for line in data.split(b"\n") if line.strip())
    found = known.recognise(Head("x.log", data, lines[:200], is_whole=True, declared=declared))
    assert found is None or 0 <= found.confidence <= 1
    assert isinstance(known, ReadsBlocks)
    context = _MODIFIED if known.name == "haproxy_log" else None
    part = known.read_block(LineBlock(data, 0, 1, context), declared)
    assert part.lines == part.events + len(part.rejects) + part.ignored.total()
    assert part.lines == len(data.split(b"\n")) - data.endswith(b"\n")
    rows = sum(len(table) for table in part.tables.values())
    assert rows == part.events


@pytest.mark.parametrize("known", WEB.values(), ids=lambda known: known.name)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_lines_lose_none(known: TextFormat, data: st.DataObject) -> None:
    own = [line.encode() for line in LINES[known.name]]
    others = [line.encode() for lines in LINES.values() for line in lines]
    pieces = st.one_of(*map(_mutated, own), st.sampled_from(own), st.sampled_from(others), st.binary(max_size=60))
    text = b"\n".join(data.draw(st.lists(pieces, min_size=1, max_size=8)))
    if text:
        _check(known, text, data.draw(st.sampled_from([_DECLARED, Declared("UTC", encoding="cp932")])))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("known", WEB.values(), ids=lambda known: known.name)
@pytest.mark.parametrize(
    "unit", [b'"', b"\\", b" ", b"a ", b"[", b'" "', b", ", b" [", b"{", b"1/", b'\\"', b"x\n", b": "]
)
def test_long_lines_take_no_longer_than_their_length(known: TextFormat, unit: bytes) -> None:
    line = LINES[known.name][0].encode()
    for place in (0, len(line) // 3, len(line) * 2 // 3, len(line)):
        _check(known, line[:place] + unit * (30_000 // len(unit)) + line[place:])


@pytest.mark.parametrize("name", list(LINES))
def test_every_line_of_a_format_is_an_event_of_it_alone(name: str) -> None:
    data = "".join(line + "\n" for line in LINES[name]).encode()
    lines = tuple(data.splitlines())
    sure = {}
    for known in FORMATS.values():
        found = known.recognise(Head("x", data, lines, is_whole=True))
        if found is not None and found.confidence >= 0.5:
            sure[known.name] = found.confidence
    assert max(sure, key=lambda known: sure[known]) == name
    assert set(sure) - CARRIERS == {name}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("known", WEB.values(), ids=lambda known: known.name)
@pytest.mark.parametrize("separator", [", ", '" "', " ", '"', "\\", "a b", "]["])
def test_a_very_long_line_takes_no_longer_than_its_length(known: Format, separator: str) -> None:
    """Quadratic work on these would take hours."""
    for line in LINES.get(known.name, [])[:3]:
        _check(known, (line + separator * 100_000 + "x\n").encode())
