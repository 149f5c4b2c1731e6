"""The original line that an event came from, out of the sealed file."""

from __future__ import annotations

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.evidence.sealed import sealed_sources
from kakuho.language import Bilingual


def read_line(case: Case, source_id: int, byte_offset: int) -> bytes:
    """The bytes of the line that begins at ``byte_offset``, without its end. Raises UsageError where there is none."""
    source = next((source for source in sealed_sources(case) if source.source_id == source_id), None)
    if source is None:
        raise UsageError(
            Bilingual(ja="この番号の証拠ファイルはありません。", en="there is no sealed file of this number"),
            where=f"source {source_id}",
            remedy=Bilingual(ja="kakuho evidence show で番号を確かめてください。", en="see kakuho evidence show"),
        )
    with source.path(case).open("rb") as file:
        file.seek(max(byte_offset - 1, 0))
        begins = byte_offset == 0 or file.read(1) == b"\n"
        line = file.readline()
    if not begins or not line:
        raise UsageError(
            Bilingual(ja="この位置から始まる行はありません。", en="no line begins here"),
            where=f"{source.name}: byte {byte_offset}",
            remedy=Bilingual(ja="位置は lake の byte_offset を使ってください。", en="use a byte_offset of the lake"),
        )
    return line.rstrip(b"\r\n")
