"""The lines of a block as text, whatever their bytes: nothing is lost.

A line that is not UTF-8 is read in the declared encoding; where that is absent or does not fit, its other bytes appear
as ``\\xff`` and the line is counted in ``facts["lines_not_utf8"]``.
"""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import BYTE_ORDER_MARK, LineBlock


def text_lines(block: LineBlock, encoding: str | None, part: Part) -> Iterator[tuple[int, int, str]]:
    """Number, byte offset in the file and text of each line, without its end and without a byte order mark."""
    numbers = range(block.first_line, block.first_line + len(block))
    offsets = block.offsets.tolist()
    if block.is_utf8:
        lines = block.data.decode("utf-8").split("\n")
        if block.byte_offset == 0:
            lines[0] = lines[0].removeprefix("\ufeff")
        for number, offset, line in zip(numbers, offsets, lines, strict=False):
            yield number, offset, line.rstrip("\r")
        return
    for number, offset, data in zip(numbers, offsets, block.data.split(b"\n"), strict=False):
        bare = (data.removeprefix(BYTE_ORDER_MARK) if offset == 0 else data).rstrip(b"\r")
        text = _text(bare, encoding)
        if text is None:
            part.facts["lines_not_utf8"] += 1
            text = bare.decode("utf-8", "backslashreplace")
        yield number, offset, text


def _text(line: bytes, encoding: str | None) -> str | None:
    for name in ("utf-8", encoding):
        if name is not None:
            try:
                return line.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return None


def text_of_bytes(data: bytes, encoding: str | None) -> str:
    """The text of bytes that need not be text: UTF-8, else in the declared encoding, else ``\\xff`` for other bytes."""
    text = _text(data, encoding)
    return data.decode("utf-8", "backslashreplace") if text is None else text
