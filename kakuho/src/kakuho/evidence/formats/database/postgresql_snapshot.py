"""A database snapshot: a ``pg_dump -Fc`` archive. Identified and read to its end; queried by ``engine.sandbox``."""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.engine.archive import MAGIC, read_archive
from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.language import Bilingual


class PostgresqlSnapshot:
    """An archive that ``pg_restore`` reads."""

    name = "postgresql_snapshot"
    label = Bilingual(ja="PostgreSQL のスナップショット（pg_dump -Fc）", en="PostgreSQL snapshot (pg_dump -Fc)")
    role = "snapshot"
    tables = ()
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By an archive's first bytes."""
        if not head.data.startswith(MAGIC):
            return None
        return Recognition(1.0, "custom", Bilingual(ja="先頭が PGDMP", en="it begins with PGDMP"))

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Read the archive to its end; a truncated one is refused."""
        with source.content.as_file() as path:
            archive = read_archive(path, named=source.name)
        facts = {"server_version": archive.server_version, "created": archive.created}
        yield Part(facts=facts, bytes_read=source.content.size)
