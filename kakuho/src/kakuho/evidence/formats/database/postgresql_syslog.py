"""PostgreSQL's log through syslog (``log_destination = 'syslog'``), and through Heroku's Logplex.

Each line has syslog's head and ``[record-part]``; parts after the first go on from the part before: with ``#011`` or a
tab where the text had a line end, with neither where a line was too long for syslog. What PostgreSQL's own prefix says
of the time goes before syslog's, which lacks the year (told from when the file was last written) and the zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import blocks_cut_before
from kakuho.evidence.formats.database.postgresql_prefix import ANY_HEAD, line_prefix
from kakuho.evidence.formats.database.postgresql_reading import RecordReading, texts
from kakuho.evidence.formats.database.postgresql_records import ROLE, add_records
from kakuho.evidence.formats.database.syslog_head import SYSLOG_HEAD, as_stamp
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual

_LINE = re.compile(
    rf"{SYSLOG_HEAD}[^\s\[\]:]{{1,80}}\[(?P<pid>[A-Za-z.]{{0,40}}\d{{1,10}})\]:? (?:\[[A-Z_]{{1,80}}\] )?"
    r"\[\d{1,12}-(?P<part>\d{1,9})\] (?P<rest>.*)",
    re.DOTALL,
)
_FIRST_PART = re.compile(rb"[^\n]{0,400}?\]:? (?:\[[A-Z_]{1,80}\] )?\[\d{1,12}-1\] ")


class PostgresqlSyslog(TextFormat):
    """PostgreSQL server logs carried by syslog."""

    name = "postgresql_syslog"
    label = Bilingual(ja="PostgreSQL のログ（syslog 経由）", en="PostgreSQL log (through syslog)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with syslog's head, ``[n-m]`` and, in first parts, a severity."""
        prefix, ours, first = line_prefix(ANY_HEAD), 0, 0
        for line in head.lines:
            found = _LINE.fullmatch(line.decode("utf-8", "replace"))
            if found is not None:
                is_head = found["part"] != "1" or prefix.read(found["rest"]) is not None
                ours += is_head
                first += is_head and found["part"] == "1"
        if not first:
            return None
        share = ours / len(head.lines)
        return Recognition(share, "syslog", share_in_words(share, "PostgreSQL (syslog)"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut before a first part; each carries when the file was last written."""
        for block in blocks_cut_before(source.content, _FIRST_PART):
            yield replace(block, context=source.modified)

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected."""
        part = Part(lines=len(block))
        reading = RecordReading(block, line_prefix(ANY_HEAD), part)
        stamps: dict[str, str | None] = {}
        for index, text in enumerate(texts(block, declared.encoding)):
            found = None if text is None else _LINE.fullmatch(text)
            if found is None:
                reading.add(index, text)
                continue
            rest = found["rest"].replace("#011", "\t", 1) if found["rest"].startswith("#011") else found["rest"]
            if found["part"] != "1" and rest[:1] not in {"\t", " "} and reading.prefix.read(rest) is None:
                reading.go_on_joined(rest)
                continue
            written = found["syslog_time"]
            if written not in stamps:
                stamps[written] = as_stamp(written, block.context, declared.time_zone)
            reading.add(index, rest, {"stamp": stamps[written], "pid": found["pid"]})
        add_records(reading.records(), declared, part)
        return part
