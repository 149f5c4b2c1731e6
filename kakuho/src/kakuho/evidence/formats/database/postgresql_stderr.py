"""PostgreSQL's plain log (``log_destination = 'stderr'``) under any ``log_line_prefix``.

How records are gathered from lines is told in ``postgresql_reading``. The record's first line is the event, its others
are ignored as continuation. The setting is the declared pattern; without one the usual settings are tried, and then any
line that begins with a time and has a severity.
"""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import BLOCK_BYTES, LineBlock, line_blocks
from kakuho.evidence.formats.database.postgresql_prefix import ANY_PREFIX, USUAL, LinePrefix, line_prefix
from kakuho.evidence.formats.database.postgresql_reading import RecordReading, texts
from kakuho.evidence.formats.database.postgresql_records import ROLE, add_records
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual


class PostgresqlStderr(TextFormat):
    """PostgreSQL server logs as plain text."""

    name = "postgresql_stderr"
    label = Bilingual(ja="PostgreSQL のログ（stderr 形式）", en="PostgreSQL log (stderr)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that begin like a record; lines that go on from another do not count against it."""
        lines = [text for line in head.lines if (text := line.decode("utf-8", "replace"))[:1] not in {"\t", " "}]
        if not lines:
            return None
        settings = (head.declared.pattern,) if head.declared.pattern else (*USUAL, ANY_PREFIX)
        shares = [(_share(setting, lines), setting) for setting in settings]
        share, setting = max(shares, key=lambda one: (one[0], -settings.index(one[1])))
        if not share:
            return None
        told = "任意の接頭辞" if setting == ANY_PREFIX else setting
        why = Bilingual(
            ja=f"先頭の行の {share:.0%} が PostgreSQL のログ（log_line_prefix: {told}）",
            en=f"{share:.0%} of its first lines are PostgreSQL's log under log_line_prefix {setting!r}",
        )
        return Recognition(share * 0.97, setting, why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record begins; each carries the setting."""
        setting = source.declared.pattern or source.variant or ANY_PREFIX
        prefix = line_prefix(setting)
        if not prefix.has_time:
            raise UsageError(
                Bilingual(ja="log_line_prefix に時刻（%m・%t・%n）がありません。", en="the prefix has no time in it"),
                where=source.name,
                remedy=Bilingual(
                    ja="サーバーの log_line_prefix の設定をそのまま指定してください。",
                    en="give the server's log_line_prefix just as it is set",
                ),
            )
        rest, offset, line = b"", 0, 1
        for block in line_blocks(source.content):
            data = rest + block.data
            cut = _last_record(data, prefix)
            if not cut and len(data) > 4 * BLOCK_BYTES:
                cut = len(data)
            if cut:
                whole = LineBlock(data[:cut], offset, line, setting)
                yield whole
                offset, line = offset + cut, line + whole.line_ends
            rest = data[cut:]
        if rest:
            yield LineBlock(rest, offset, line, setting)

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its further lines are ignored as continuation."""
        part = Part(lines=len(block))
        reading = RecordReading(block, line_prefix(block.context), part)
        for index, text in enumerate(texts(block, declared.encoding)):
            reading.add(index, text)
        add_records(reading.records(), declared, part)
        return part


def _share(setting: str, lines: list[str]) -> float:
    prefix = line_prefix(setting)
    return sum(prefix.strict.match(line) is not None for line in lines) / len(lines)


def _last_record(data: bytes, prefix: LinePrefix) -> int:
    """Where the last record begins; 0 where that is the first line or none."""
    end = len(data)
    while end > 0:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        head = prefix.read(data[begin:end].decode("utf-8", "replace").rstrip("\r\n"))
        if head is not None and head["label"] in KNOWN_SEVERITIES:
            return begin
        end = begin
    return 0
