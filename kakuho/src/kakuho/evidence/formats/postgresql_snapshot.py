"""A database snapshot: a ``pg_dump -Fc`` archive. Identified and read to its end; queried by ``engine.sandbox``."""

from __future__ import annotations

from collections.abc import Sequence

from kakuho.engine.archive import MAGIC, read_archive
from kakuho.evidence.formats.base import Sink, SourceFile


class PostgresqlSnapshot:
    """An archive that ``pg_restore`` reads."""

    name = "postgresql_snapshot"
    role = "snapshot"
    table = None
    version = 1

    def recognises(self, head: bytes, lines: Sequence[bytes]) -> float:
        """1 for an archive's first bytes."""
        return 1.0 if head.startswith(MAGIC) else 0.0

    def parse(self, source: SourceFile, sink: Sink) -> None:
        """Read the archive to its end; a truncated one is refused."""
        archive = read_archive(source.path, named=source.name)
        sink.facts.update(server_version=archive.server_version, created=archive.created)
        sink.advance(source.path.stat().st_size)
