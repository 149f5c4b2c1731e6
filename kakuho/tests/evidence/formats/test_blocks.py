"""Lines keep their number and their place in the file, whatever their ends and their encoding."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
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
@given(content=st.binary(max_size=300).map(lambda data: data.replace(b"\xef", b"\n")), size=st.integers(1, 50))
def test_every_byte_lies_in_one_line_however_the_file_is_cut_into_blocks(
    tmp_path: Path, content: bytes, size: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    lines = _lines(path, size)
    assert [line.rstrip(b"\r\n") for line in content.split(b"\n")[: len(lines)]] == [line for _, _, line in lines]
    assert [number for number, _, _ in lines] == list(range(1, len(lines) + 1))
    assert all(content[offset:].startswith(line) for _, offset, line in lines)
    assert len(lines) == content.count(b"\n") + (0 if content.endswith(b"\n") or not content else 1)


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
