"""Lines keep their number and their place in the file, whatever their ends and their encoding."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import blocks
from kakuho.evidence.formats.blocks import LineBlock, line_blocks


def _lines(path: Path, block_bytes: int) -> list[tuple[int, int, bytes]]:
    return [line for block in line_blocks(PlainContent(path), block_bytes) for line in block.lines()]


def test_numbers_and_offsets_with_both_line_ends_and_none_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes("一\r\n\nthree\n".encode() + b"\xff last")
    expected = [(1, 0, "一".encode()), (2, 5, b""), (3, 6, b"three"), (4, 12, b"\xff last")]
    assert _lines(path, 1 << 20) == expected


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"\xef\xbb\xbffirst\n")
    assert _lines(path, 1 << 20) == [(1, 0, b"first")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=300).map(lambda data: data.replace(b"\xef", b"\n")),
    size=st.integers(1, 50),
    tail=st.integers(1, 50),
    large=st.integers(0, 400),
)
def test_every_byte_lies_in_one_line_however_the_file_is_cut_into_blocks(
    tmp_path: Path, content: bytes, size: int, tail: int, large: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    with patch.object(blocks, "_TAIL_BYTES", tail), patch.object(blocks, "SIZE_WORTH_PROCESSES", large):
        lines = _lines(path, size)
    assert [line.rstrip(b"\r\n") for line in content.split(b"\n")[: len(lines)]] == [line for _, _, line in lines]
    assert [number for number, _, _ in lines] == list(range(1, len(lines) + 1))
    assert all(content[offset:].startswith(line) for _, offset, line in lines)
    assert len(lines) == content.count(b"\n") + (0 if content.endswith(b"\n") or not content else 1)


def test_blocks_of_a_large_file_become_smaller_towards_its_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"0123456\n" * 200)
    with patch.object(blocks, "SIZE_WORTH_PROCESSES", 1600):
        sizes = [len(block.data) for block in line_blocks(PlainContent(path), 160)]
    assert sizes == [160] * 6 + [160, 120, 88, 64, 48, 40] + [40] * 3
    with patch.object(blocks, "SIZE_WORTH_PROCESSES", 1601):
        assert [len(block.data) for block in line_blocks(PlainContent(path), 160)] == [160] * 10


@given(st.binary(max_size=40), st.integers(33, 127), st.integers(1, 9))
def test_a_mark_and_the_control_characters_are_found_at_once(data: bytes, mark: int, at_once: int) -> None:
    block = LineBlock(data, 0, 1)
    with patch.object(blocks, "_LOOKED_AT_ONCE", at_once):
        found = block.places_of(mark)
    assert found.tolist() == [place for place, byte in enumerate(data) if byte == mark]
    assert block.controls.tolist() == [place for place, byte in enumerate(data) if byte < 32]
    assert block.starts.tolist() == LineBlock(data, 0, 1).starts.tolist()


@settings(max_examples=300)
@given(
    st.binary(max_size=12)
    | st.lists(
        st.sampled_from([b"a", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe3\x81\x82", b"\xe3"])
    ).map(b"".join)
)
def test_a_block_is_utf8_where_python_can_decode_it(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        decodes = False
    else:
        decodes = True
    assert LineBlock(data, 0, 1).is_utf8 == decodes
