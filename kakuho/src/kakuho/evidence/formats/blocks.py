"""A text file as blocks of whole lines, each line with its number and its place in the file.

A line ends with LF or CR LF; the last one may lack it. Offsets are those of the sealed file, whatever its encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuho.evidence.content import Content, PlainContent

BLOCK_BYTES = 16 << 20
LONGEST_LINE = 64 << 20
KEPT_OF_OVERLONG_LINE = 1 << 16
_COUNTED_AT_ONCE = 1 << 18
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class LineBlock:
    """Consecutive whole lines: their bytes, where they begin in the file, the number of the first.

    ``context`` is whatever a format needs from before to read the block alone; it can be pickled. ``lies_in``: the
    plain file that holds ``data`` at ``byte_offset``, where there is one: other processes then read it from there.
    """

    data: bytes
    byte_offset: int
    first_line: int
    context: Any = None
    lies_in: PlainContent | None = None

    @property
    def line_ends(self) -> int:
        """How many line ends there are: the number of lines, one less where the last line lacks its end."""
        array = np.frombuffer(self.data, np.uint8)
        pieces = (array[begin : begin + _COUNTED_AT_ONCE] for begin in range(0, len(array), _COUNTED_AT_ONCE))
        return sum(int(np.count_nonzero(piece == ord("\n"))) for piece in pieces)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where each line begins in ``data``, and at last where ``data`` ends."""
        array = np.frombuffer(self.data, np.uint8)
        known = self.__dict__.get("controls")  # looked for already: line ends are among them
        ends = (np.flatnonzero(array == ord("\n")) if known is None else known[array[known] == ord("\n")]) + 1
        if not self.data.endswith(b"\n"):
            ends = np.append(ends, len(self.data))
        return np.concatenate(([0], ends)).astype(np.int64)

    @cached_property
    def controls(self) -> npt.NDArray[np.int64]:
        """Where control characters stand, line ends among them."""
        return np.flatnonzero(np.frombuffer(self.data, np.uint8) < ord(" "))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def line_numbers(self) -> npt.NDArray[np.int64]:
        """The number of each line, from 1 in the file."""
        return np.arange(self.first_line, self.first_line + len(self), dtype=np.int64)

    @property
    def offsets(self) -> npt.NDArray[np.int64]:
        """The byte offset of each line in the file."""
        return self.starts[:-1] + self.byte_offset

    @cached_property
    def is_utf8(self) -> bool:
        """Whether all of it is UTF-8. Asked of Arrow, which takes a twentieth of the time that decoding does."""
        whole = pa.py_buffer(np.array([0, len(self.data)], np.int64))
        try:
            pa.Array.from_buffers(pa.large_string(), 1, [None, whole, pa.py_buffer(self.data)]).validate(full=True)
        except pa.ArrowInvalid:
            return False
        return True

    def texts(self) -> pa.Array:
        """The lines as Arrow strings, line ends included; only where :attr:`is_utf8`."""
        buffers = [None, pa.py_buffer(self.starts), pa.py_buffer(self.data)]
        return pa.Array.from_buffers(pa.large_string(), len(self), buffers)

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Number, byte offset in the file and bytes of each line, without its end and without a byte order mark."""
        numbers = range(self.first_line, self.first_line + len(self))
        for number, offset, data in zip(numbers, self.offsets.tolist(), self.data.split(b"\n"), strict=False):
            line = data.rstrip(b"\r")
            yield number, offset, line.removeprefix(BYTE_ORDER_MARK) if offset == 0 else line

    def part(self, begin: int, end: int) -> LineBlock:
        """Lines ``begin`` to ``end`` (exclusive) of this block."""
        first, last = int(self.starts[begin]), int(self.starts[end])
        return LineBlock(self.data[first:last], self.byte_offset + first, self.first_line + begin, self.context)


def line_blocks(content: Content, block_bytes: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """The whole file as blocks, in order; of a line longer than LONGEST_LINE only the beginning, as one line."""
    offset, line, data = 0, 1, b""
    lies_in = content if isinstance(content, PlainContent) else None
    while more := content.read(offset + len(data), block_bytes):
        data = data + more if data else more
        cut = data.rfind(b"\n") + 1
        if cut:
            block = LineBlock(data[:cut], offset, line, lies_in=lies_in)
            yield block
            # What follows the cut is read once more, which costs less than to copy the next block behind it.
            offset, line, data = offset + cut, line + block.line_ends, b""
        elif len(data) > LONGEST_LINE:
            yield LineBlock(data[:KEPT_OF_OVERLONG_LINE], offset, line)
            offset, line, data = _after_line(content, offset + len(data)), line + 1, b""
    if data:
        yield LineBlock(data, offset, line, lies_in=lies_in)


def _after_line(content: Content, position: int) -> int:
    """Where the line that goes on at ``position`` has ended."""
    while data := content.read(position, BLOCK_BYTES):
        end = data.find(b"\n")
        if end >= 0:
            return position + end + 1
        position += len(data)
    return position
