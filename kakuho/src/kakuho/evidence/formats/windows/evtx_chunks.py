"""The structure of an EVTX file: its header, its chunks of 64 KiB, the records in a chunk.

It is read here, apart from the parser of the records' content, so that each record has its place, each damaged one is
known, and what the headers promise can be compared with what is there. Layout: Joachim Metz, "Windows XML Event Log
(EVTX) format" (libevtx documentation); numbers are little-endian.

A file: header of 4096 bytes (``ElfFile``, zero), then chunks. A chunk: header of 512 bytes (``ElfChnk``, zero), then
records up to the offset of its free space. A record: ``**``, two zeros, size, record number, FILETIME, BinXML, size
again. Behind the free space lies what was there before; only records that go on with the chunk's numbers are read
there (a log that was copied while it was written has such).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FILE_MAGIC = b"ElfFile\x00"
CHUNK_MAGIC = b"ElfChnk\x00"
RECORD_MAGIC = b"**\x00\x00"
HEADER_SIZE = 4096
CHUNK_SIZE = 1 << 16
CHUNK_HEADER_SIZE = 512
LEAST_RECORD = 28
FILETIME_OF_1970 = 116444736000000000
_FILE_HEADER = struct.Struct("<8sQQQIHHHH")
_RECORD_HEADER = struct.Struct("<4sIQQ")
_ULONG = struct.Struct("<I")
_DIRTY, _FULL = 1, 2


@dataclass(frozen=True)
class FileHeader:
    """What the header of a file says. ``chunks``: how many; ``next_record``: the number that the next record gets."""

    chunks: int
    next_record: int
    size: int
    is_dirty: bool
    checksum_fits: bool

    def facts(self) -> dict[str, int]:
        """What is worth telling of it."""
        return {
            "header_chunks": self.chunks,
            "header_next_record": self.next_record,
            "header_dirty": int(self.is_dirty),
            "header_checksum_wrong": int(not self.checksum_fits),
        }


class Entry(NamedTuple):
    """A record, or a stretch of a chunk that is none (``is_sound`` false). ``offset`` counts from the chunk's begin."""

    offset: int
    size: int
    number: int
    filetime: int
    is_sound: bool


@dataclass(frozen=True)
class Survey:
    """A chunk: its records in order, and what is wrong with it.

    ``state``: ``sound``, ``empty`` (never written), ``damaged`` (what can be found in it is in ``entries``).
    """

    state: str
    entries: tuple[Entry, ...] = ()
    checksums_wrong: int = 0
    is_as_written: bool = True

    @property
    def units(self) -> int:
        """How many records it counts for; a damaged chunk without any for one."""
        return len(self.entries) or int(self.state == "damaged")


def file_header(data: bytes) -> FileHeader | None:
    """The header out of the first bytes of a file; None where they are none."""
    if len(data) < 128 or not data.startswith(FILE_MAGIC):
        return None
    _, _, _, next_record, _, _, _, size, chunks = _FILE_HEADER.unpack_from(data)
    flags, checksum = struct.unpack_from("<II", data, 120)
    fits = checksum == zlib.crc32(data[:120])
    return FileHeader(chunks, next_record, size if size >= 128 else HEADER_SIZE, bool(flags & _DIRTY), fits)


class SoundRecords(NamedTuple):
    """The records of a chunk in which nothing is damaged, one place of each array a record."""

    offsets: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    filetimes: npt.NDArray[np.int64]


def sound_records(chunk: bytes) -> SoundRecords | None:
    """The records of a whole chunk that is as it was written, found at once; None where :func:`survey` has to look."""
    if len(chunk) != CHUNK_SIZE or not chunk.startswith(CHUNK_MAGIC):
        return None
    end = _ULONG.unpack_from(chunk, 48)[0]
    if not CHUNK_HEADER_SIZE < end <= CHUNK_SIZE or end % 4:
        return None
    numbers = memoryview(chunk).cast("I")
    offset, found = CHUNK_HEADER_SIZE, []
    while offset <= end - LEAST_RECORD:
        found.append(offset)
        size = numbers[(offset >> 2) + 1]
        if size < LEAST_RECORD or size & 3:
            return None
        offset += size
    if offset != end or not found:
        return None
    offsets = np.array(found)
    words = np.frombuffer(chunk, "<u4")
    begins, ends = offsets >> 2, np.append(offsets[1:], end) >> 2
    if (words[begins] != words[begins[0]]).any() or chunk[CHUNK_HEADER_SIZE : CHUNK_HEADER_SIZE + 4] != RECORD_MAGIC:
        return None
    if (words[ends - 1] != words[begins + 1]).any():
        return None
    record_numbers, filetimes = (
        (words[begins + at + 1].astype(np.uint64) << np.uint64(32) | words[begins + at]).view(np.int64) for at in (2, 4)
    )
    if record_numbers.min() < 0 or filetimes.min() < 0:
        return None
    behind = record_at(chunk, end)
    if behind is not None and behind.number == record_numbers[-1] + 1:
        return None
    return SoundRecords(offsets, record_numbers, filetimes)


def checksums_wrong(chunk: bytes) -> int:
    """1 where the checksum of a sound chunk's header or records is not the one that the header holds."""
    return _checksums_wrong(chunk, _ULONG.unpack_from(chunk, 48)[0])


def units_of(chunk: bytes, is_expected: bool) -> int:
    """:attr:`Survey.units` of a chunk, without a look at its checksums."""
    sound = sound_records(chunk)
    return len(sound.offsets) if sound is not None else survey(chunk, is_expected, with_checksums=False).units


def survey(chunk: bytes, is_expected: bool, *, with_checksums: bool = True) -> Survey:
    """What a chunk holds; ``is_expected``: the file's header counts it, so that it cannot have stayed unwritten."""
    if not chunk.strip(b"\x00"):
        return Survey("damaged" if is_expected else "empty")
    is_cut = len(chunk) < CHUNK_SIZE
    has_magic = chunk.startswith(CHUNK_MAGIC)
    free = _ULONG.unpack_from(chunk, 48)[0] if len(chunk) >= 52 else 0
    is_free_sound = CHUNK_HEADER_SIZE <= free <= CHUNK_SIZE
    end = min(free if is_free_sound else CHUNK_SIZE, len(chunk))
    entries, is_whole = _entries(chunk, end, is_free_sound)
    behind = _records_behind(chunk, end, entries) if is_whole else []
    can_be_checked = has_magic and is_free_sound and not is_cut
    checksums_wrong = (_checksums_wrong(chunk, free) if can_be_checked else 1) if with_checksums else 0
    sound = has_magic and is_whole and not is_cut
    return Survey(
        "sound" if sound else "damaged", (*entries, *behind), checksums_wrong, sound and is_free_sound and not behind
    )


def record_at(chunk: bytes, offset: int) -> Entry | None:
    """The record that begins at ``offset`` and has its size again at its end, or None where none does."""
    entry = _beginning_at(chunk, offset)
    if entry is None or _ULONG.unpack_from(chunk, offset + entry.size - 4)[0] != entry.size:
        return None
    return entry


def _beginning_at(chunk: bytes, offset: int) -> Entry | None:
    """What has the header of a record, whatever stands at its end."""
    if offset + LEAST_RECORD > len(chunk):
        return None
    magic, size, number, filetime = _RECORD_HEADER.unpack_from(chunk, offset)
    if magic != RECORD_MAGIC or size < LEAST_RECORD or offset + size > len(chunk):
        return None
    return Entry(offset, size, number, filetime, True)


def _entries(chunk: bytes, end: int, is_end_known: bool) -> tuple[list[Entry], bool]:
    """Records and stretches that are none, up to ``end``; whether all of it are records."""
    entries: list[Entry] = []
    is_whole, offset = True, CHUNK_HEADER_SIZE
    while offset < end:
        entry = record_at(chunk, offset)
        if entry is None:
            if not is_end_known and not chunk[offset:].strip(b"\x00"):
                break
            following = _next_record(chunk, offset + 1, end) or end
            entry = _beginning_at(chunk, offset)
            if entry is None or offset + entry.size > following:
                entry = Entry(offset, following - offset, 0, 0, False)
            is_whole = False
        entries.append(entry)
        offset += entry.size
    return entries, is_whole


def _next_record(chunk: bytes, offset: int, end: int) -> int | None:
    while (offset := chunk.find(RECORD_MAGIC, offset, end)) >= 0:
        if record_at(chunk, offset):
            return offset
        offset += 1
    return None


def _records_behind(chunk: bytes, offset: int, entries: list[Entry]) -> list[Entry]:
    """Records behind the free space's begin that go on with the numbers."""
    behind: list[Entry] = []
    number = entries[-1].number if entries else None
    while number is not None and (entry := record_at(chunk, offset)) and entry.number == number + 1:
        behind.append(entry)
        number, offset = entry.number, offset + entry.size
    return behind


def _checksums_wrong(chunk: bytes, free: int) -> int:
    """1 where the checksum of the header or of the records is not the one that the header holds."""
    of_records = _ULONG.unpack_from(chunk, 52)[0]
    of_header = _ULONG.unpack_from(chunk, 124)[0]
    header = zlib.crc32(chunk[128:CHUNK_HEADER_SIZE], zlib.crc32(chunk[:120]))
    return int(header != of_header or zlib.crc32(chunk[CHUNK_HEADER_SIZE:free]) != of_records)


def chunk_to_parse(chunk: bytes, found: Survey) -> bytes:
    """The chunk as a parser has to see it so that it comes past what is damaged: itself where nothing is.

    A stretch that is no record gets the frame of one, or goes to the record before it where it is too short for a
    frame; the header says where the records end.
    """
    if found.is_as_written:
        return chunk
    made = bytearray(chunk.ljust(CHUNK_SIZE, b"\x00"))
    last = found.entries[-1]
    before = None
    for entry in found.entries:
        if not entry.is_sound and entry.size >= LEAST_RECORD:
            _frame(made, entry)
        elif not entry.is_sound and before is not None:
            _frame(made, before._replace(size=before.size + entry.size))
        before = entry
    made[:8] = CHUNK_MAGIC
    struct.pack_into("<QQQQ", made, 8, found.entries[0].number, last.number, found.entries[0].number, last.number)
    struct.pack_into("<III", made, 40, 128, last.offset, last.offset + last.size)
    return bytes(made)


def _frame(chunk: bytearray, entry: Entry) -> None:
    _RECORD_HEADER.pack_into(chunk, entry.offset, RECORD_MAGIC, entry.size, entry.number, FILETIME_OF_1970)
    _ULONG.pack_into(chunk, entry.offset + entry.size - 4, entry.size)


def file_of(chunk: bytes) -> bytes:
    """A file of one chunk."""
    return _HEADER_OF_ONE_CHUNK + chunk


def blanked(file: bytes, entry: Entry) -> bytes:
    """The file of one chunk with the content of a record overwritten, its frame kept."""
    made = bytearray(file)
    begin = HEADER_SIZE + entry.offset
    made[begin + _RECORD_HEADER.size : begin + entry.size - 4] = bytes(max(0, entry.size - _RECORD_HEADER.size - 4))
    return bytes(made)


def _header_of_one_chunk() -> bytes:
    header = bytearray(HEADER_SIZE)
    _FILE_HEADER.pack_into(header, 0, FILE_MAGIC, 0, 0, 1, 128, 1, 3, HEADER_SIZE, 1)
    _ULONG.pack_into(header, 124, zlib.crc32(bytes(header[:120])))
    return bytes(header)


_HEADER_OF_ONE_CHUNK = _header_of_one_chunk()
