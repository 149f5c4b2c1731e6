"""Windows event log files (EVTX), also damaged ones.

The unit is the record: ``line`` is its ordinal in the file from 1, ``byte_offset`` where it begins. The content of the
records is read by the Rust parser of the package ``evtx``, chunk by chunk and in a process of its own
(:mod:`.evtx_process`), so that what is damaged stays in its chunk; the frame is read by :mod:`.evtx_chunks`. Every
record is an event or rejected; a damaged chunk in which no record can be found counts as one rejected record, for how
many there were cannot be known.

Facts: what the file's header promises (``header_…``), ``chunks``, ``chunks_damaged``, ``chunks_lost`` (counted by the
header, nothing there), ``checksums_wrong`` (chunks that something changed, or whose checksums were never written),
``log_cleared`` (events 1102 and 104: the time, and which log was cleared).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.windows.events import WINDOWS_TABLES
from kakuho.evidence.formats.windows.evtx_chunks import (
    CHUNK_SIZE,
    FILE_MAGIC,
    HEADER_SIZE,
    FileHeader,
    SoundRecords,
    Survey,
    checksums_wrong,
    file_header,
    sound_records,
    survey,
    units_of,
)
from kakuho.evidence.formats.windows.evtx_process import texts_of, texts_of_sound
from kakuho.evidence.formats.windows.evtx_records import Records, add_records
from kakuho.language import Bilingual

CHUNKS_OF_BLOCK = 320
_ANSI_CODECS = {"cp932": "shift_jis", "shift_jis": "shift_jis", "euc_jp": "euc-jp", "utf-8": "utf-8"}


@dataclass(frozen=True)
class Place:
    """What a block has to know of its file: the header (in its first block only) and the number of its first chunk."""

    header: FileHeader | None
    first_chunk: int
    header_chunks: int


class Evtx(TextFormat):
    """EVTX files of Windows Vista and later."""

    name = "windows_evtx"
    label = Bilingual(ja="Windows イベントログ（EVTX）", en="Windows event log (EVTX)")
    role = "host_log"
    tables = (*WINDOWS_TABLES, "sequence")
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By its first bytes; chunks alone (a header that was lost) are read too."""
        if head.data.startswith(FILE_MAGIC):
            why = Bilingual(ja="EVTX のファイルヘッダー", en="it has the header of an EVTX file")
            return Recognition(1.0, "evtx", why)
        if head.data[HEADER_SIZE : HEADER_SIZE + 8] == b"ElfChnk\x00":
            why = Bilingual(
                ja="EVTX のチャンクがある（ファイルヘッダーは壊れている）",
                en="it has the chunks of an EVTX file; its header is damaged",
            )
            return Recognition(0.9, "evtx_header_damaged", why)
        return None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """320 chunks (20 MiB) a block: many events of each kind, which are then read together."""
        return _blocks(source.content)

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected."""
        place: Place = block.context
        part = Part(facts={"chunks": 0, "chunks_damaged": 0, "chunks_lost": 0, "checksums_wrong": 0, "log_cleared": []})
        if place.header is not None:
            part.facts |= place.header.facts()
        records = Records()
        codec = _ANSI_CODECS.get(declared.encoding or "", "windows-1252")
        for index, begin in enumerate(range(0, len(block.data), CHUNK_SIZE)):
            chunk = block.data[begin : begin + CHUNK_SIZE]
            line, offset = block.first_line + part.lines, block.byte_offset + begin
            sound = sound_records(chunk)
            texts, is_fatal = (None, False) if sound is None else texts_of_sound(chunk, len(sound.offsets), codec)
            if sound is not None and texts is not None:
                _add_sound(chunk, sound, texts, line, offset, part, records)
                continue
            found = survey(chunk, place.first_chunk + index < place.header_chunks)
            _count(chunk, found, part)
            if found.entries:
                texts = texts_of(chunk, found, codec, is_fatal=is_fatal)
                _add_others(found, texts, line, offset, part, records)
            elif found.units:
                part.reject(line, offset, "chunk_damaged" if chunk.strip(b"\x00") else "chunk_lost")
            part.lines += found.units
        add_records(records, part)
        return part


def _blocks(content: Content) -> Iterator[LineBlock]:
    header = file_header(content.read(0, HEADER_SIZE))
    header_chunks = header.chunks if header else 0
    offset, first_chunk, first_line = header.size if header else HEADER_SIZE, 0, 1
    given = header
    while data := content.read(offset, CHUNKS_OF_BLOCK * CHUNK_SIZE):
        yield LineBlock(data, offset, first_line, Place(given, first_chunk, header_chunks))
        given = None
        for begin in range(0, len(data), CHUNK_SIZE):
            first_line += units_of(data[begin : begin + CHUNK_SIZE], first_chunk < header_chunks)
            first_chunk += 1
        offset += len(data)
    if given is not None:
        yield LineBlock(b"", offset, first_line, Place(given, 0, header_chunks))


def _count(chunk: bytes, found: Survey, part: Part) -> None:
    if found.state == "empty":
        return
    lost = not found.entries and not chunk.strip(b"\x00")
    part.facts["chunks"] += 1
    part.facts["chunks_lost"] += lost
    part.facts["chunks_damaged"] += found.state == "damaged" and not lost
    part.facts["checksums_wrong"] += found.checksums_wrong


def _add_sound(
    chunk: bytes,
    sound: SoundRecords,
    texts: list[bytes | None],
    line: int,
    offset: int,
    part: Part,
    records: Records,
) -> None:
    """The records of a chunk in which nothing is damaged."""
    lines = range(line, line + len(texts))
    records.add(texts, lines, (sound.offsets + offset).tolist(), sound.filetimes.tolist(), part)
    part.facts["chunks"] += 1
    part.facts["checksums_wrong"] += checksums_wrong(chunk)
    part.lines += len(texts)


def _add_others(
    found: Survey, texts: list[bytes | None], line: int, chunk_offset: int, part: Part, records: Records
) -> None:
    """The records that were found in any other chunk."""
    sound = [text if entry.is_sound else None for text, entry in zip(texts, found.entries, strict=True)]
    offsets = [chunk_offset + entry.offset for entry in found.entries]
    filetimes = [entry.filetime for entry in found.entries]
    records.add(sound, range(line, line + len(sound)), offsets, filetimes, part)
