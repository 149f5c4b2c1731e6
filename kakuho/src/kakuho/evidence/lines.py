"""The original line that an event came from, out of the sealed file: one read at its place, packed or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from kakuho.case import Case
from kakuho.engine.schemas import TABLES
from kakuho.errors import UsageError
from kakuho.evidence.content import Content
from kakuho.evidence.parsing import part_files
from kakuho.evidence.sealed import SealedSource, sealed_sources, unpacked_folder
from kakuho.evidence.tables import parsed_folder
from kakuho.evidence.unpacking.stage import unpack_again
from kakuho.language import Bilingual

_STEP = 1 << 16


@dataclass(frozen=True)
class Line:
    """A line of a source: where it begins, and its text (bytes that are no text stand as ``\\xNN``)."""

    source: SealedSource
    byte_offset: int
    text: str


def read_line(case: Case, source_id: int, byte_offset: int) -> bytes:
    """The bytes of the line that begins at ``byte_offset``, without its end. Raises UsageError where there is none."""
    source = next((source for source in sealed_sources(case) if source.source_id == source_id), None)
    if source is None:
        raise _no_source(f"source {source_id}")
    content = _content(case, source)
    begins = byte_offset == 0 or content.read(byte_offset - 1, 1) == b"\n"
    line = _line_at(content, byte_offset)
    if not begins or not line:
        raise UsageError(
            Bilingual(ja="この位置から始まる行はありません。", en="no line begins here"),
            where=f"{source.name}: byte {byte_offset}",
            remedy=Bilingual(ja="位置は lake の byte_offset を使ってください。", en="use a byte_offset of the lake"),
        )
    return line.rstrip(b"\r\n")


def find_line(case: Case, name: str, number: int) -> Line:
    """Line ``number`` of the source called ``name`` (or whose SHA-256 begins so). Raises UsageError."""
    meant = [source for source in sealed_sources(case) if source.name == name or source.is_hash(name)]
    if len(meant) != 1:
        raise _no_source(name)
    (source,) = meant
    content = _content(case, source)
    line, offset = _nearest(parsed_folder(case, source), number)
    while line < number:
        passed = len(_line_at(content, offset))
        if not passed:
            break
        line, offset = line + 1, offset + passed
    text = _line_at(content, offset)
    if not text:
        raise UsageError(
            Bilingual(ja=f"{number} 行目はありません。", en=f"there is no line {number}"),
            where=source.name,
            remedy=Bilingual(ja="行数は kakuho evidence show で確かめてください。", en="see kakuho evidence show"),
        )
    encoding = source.declared.encoding or "utf-8"
    return Line(source, offset, text.rstrip(b"\r\n").decode(encoding, "backslashreplace"))


def _nearest(parsed: Path, number: int) -> tuple[int, int]:
    """The last line up to ``number`` whose place is known; its number and where it begins."""
    tables = [name for name, table in TABLES.items() if "byte_offset" in table.schema.names]
    paths = [str(path) for table in tables for path in part_files(parsed, table)]
    if not paths:
        return 1, 0
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    with duckdb.connect() as connection:
        row = connection.execute(
            f"SELECT line, byte_offset FROM read_parquet([{listed}], union_by_name = true) "
            "WHERE line <= ? ORDER BY line DESC LIMIT 1",
            [number],
        ).fetchone()
    return (row[0], row[1]) if row else (1, 0)


def _content(case: Case, source: SealedSource) -> Content:
    if source.member is not None:
        unpack_again(case.directory, case.evidence / source.sealed, unpacked_folder(case, source.sealed))
    return source.content(case)


def _line_at(content: Content, byte_offset: int) -> bytes:
    parts = []
    while part := content.read(byte_offset, _STEP):
        end = part.find(b"\n")
        parts.append(part if end < 0 else part[: end + 1])
        if end >= 0:
            break
        byte_offset += len(part)
    return b"".join(parts)


def _no_source(where: str) -> UsageError:
    return UsageError(
        Bilingual(ja="この名前や番号の証拠はありません。", en="there is no source of this name or number"),
        where=where,
        remedy=Bilingual(ja="kakuho evidence show で確かめてください。", en="see kakuho evidence show"),
    )
