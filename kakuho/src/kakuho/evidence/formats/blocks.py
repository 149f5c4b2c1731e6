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
_LOOKED_AT_ONCE = 1 << 18
_TAIL_BYTES = 1 << 16
_SHARES_AT_THE_END = 4
SIZE_WORTH_PROCESSES = 48 << 20
"""Bytes of a file from which on starting other processes pays."""
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
        return sum(int(np.count_nonzero(piece == ord("\n"))) for _, piece in self._pieces())

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

    def places_of(self, mark: int) -> npt.NDArray[np.int64]:
        """Where a character of ASCII stands; :attr:`controls` are looked for on the same way.

        One comparison finds both: with the blank as 0, control characters come last, behind whatever follows the mark.
        """
        array, found = np.frombuffer(self.data, np.uint8), [np.zeros(0, np.int64)]
        from_blank = np.empty(_LOOKED_AT_ONCE, np.uint8)
        for begin in range(0, len(array), _LOOKED_AT_ONCE):
            piece = array[begin : begin + _LOOKED_AT_ONCE]
            places = np.flatnonzero(np.subtract(piece, ord(" "), out=from_blank[: len(piece)]) >= mark - ord(" "))
            places += begin
            found.append(places)
        either = np.concatenate(found)
        characters = array[either]
        self.__dict__["controls"] = either[characters < ord(" ")]
        marks: npt.NDArray[np.int64] = either[characters == mark]
        return marks

    def _pieces(self) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
        """Pieces that stay in the processor's cache while they are looked at, and where each begins."""
        array = np.frombuffer(self.data, np.uint8)
        for begin in range(0, len(array), _LOOKED_AT_ONCE):
            yield begin, array[begin : begin + _LOOKED_AT_ONCE]

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
    offset, line, data, size = 0, 1, b"", content.size
    lies_in = content if isinstance(content, PlainContent) else None
    while more := content.read(
        offset + len(data), _whole_lines(lies_in, offset + len(data), _at_once(block_bytes, offset, size))
    ):
        data = data + more if data else more
        cut = data.rfind(b"\n") + 1
        if cut:
            block = LineBlock(data[:cut], offset, line, lies_in=lies_in)
            yield block
            # What follows the cut is read with the next block, which costs less than to copy that one behind it.
            offset, line, data = offset + cut, line + block.line_ends, b""
        elif len(data) > LONGEST_LINE:
            yield LineBlock(data[:KEPT_OF_OVERLONG_LINE], offset, line)
            offset, line, data = _after_line(content, offset + len(data)), line + 1, b""
    if data:
        yield LineBlock(data, offset, line, lies_in=lies_in)


def _at_once(block_bytes: int, offset: int, size: int) -> int:
    """So many bytes for the next block: fewer towards the end of a large file, so that all processes end together."""
    if size < SIZE_WORTH_PROCESSES:
        return block_bytes
    return min(block_bytes, max((size - offset) // _SHARES_AT_THE_END, block_bytes // _SHARES_AT_THE_END))


def _whole_lines(content: PlainContent | None, begin: int, block_bytes: int) -> int:
    """How many of the ``block_bytes`` from ``begin`` are whole lines, told by the last of them; all where it is not.

    Whoever reads so many need not copy them to be rid of the beginning of the next line.
    """
    if content is None or block_bytes <= _TAIL_BYTES:
        return block_bytes
    tail = content.read(begin + block_bytes - _TAIL_BYTES, _TAIL_BYTES)
    cut = tail.rfind(b"\n") + 1
    return block_bytes - _TAIL_BYTES + cut if cut and len(tail) == _TAIL_BYTES else block_bytes


def _after_line(content: Content, position: int) -> int:
    """Where the line that goes on at ``position`` has ended."""
    while data := content.read(position, BLOCK_BYTES):
        end = data.find(b"\n")
        if end >= 0:
            return position + end + 1
        position += len(data)
    return position
