"""A snapshot of MySQL or MariaDB: a ``mysqldump`` or ``mariadb-dump`` file. Queried by ``engine.mariadb_sandbox``."""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.engine.mysql_dump import HEAD, read_head
from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.language import Bilingual


class MysqlSnapshot:
    """A file of SQL statements that makes the database anew."""

    name = "mysql_snapshot"
    label = Bilingual(ja="MySQL・MariaDB のスナップショット（mysqldump）", en="MySQL or MariaDB snapshot (mysqldump)")
    role = "snapshot"
    tables = ()
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the comment that it begins with."""
        found = HEAD.match(head.data)
        if found is None:
            return None
        variant = found[1].decode("ascii").lower()
        return Recognition(1.0, variant, Bilingual(ja="先頭が mysqldump の見出し", en="it begins as mysqldump does"))

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Its head and its last line; a truncated one is refused. Nothing is executed."""
        with source.content.as_file() as path:
            head = read_head(path, named=source.name)
        facts = {"server_version": head.server_version, "created": head.created, "database": head.database}
        yield Part(facts=facts, bytes_read=source.content.size)
