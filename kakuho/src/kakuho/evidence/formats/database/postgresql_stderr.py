"""PostgreSQL's plain log (``log_destination = 'stderr'``) under any ``log_line_prefix``.

A record begins with a head whose label is a severity; DETAIL, HINT, CONTEXT, QUERY, LOCATION and STATEMENT lines
belong to the last record of the same process, and lines that begin with a tab or a space go on from the line before (PostgreSQL
puts one tab after each line end inside a text). The record's first line is the event, its others are ignored as
continuation. The setting is the declared pattern; without one the usual settings are tried, and then any line that
begins with a time and has a severity.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import BLOCK_BYTES, LineBlock, line_blocks
from kakuho.evidence.formats.database.postgresql_prefix import ANY_PREFIX, USUAL, LinePrefix, line_prefix
from kakuho.evidence.formats.database.postgresql_records import RECORDS, ROLE, add_records
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES, LABELS
from kakuho.language import Bilingual

_SQL_STATE = re.compile(r"(?=[A-Z]{0,4}[0-9])(?P<state>[0-9A-Z]{5}): ")
_POSITION = re.compile(r" ?(?:at character \d{1,9}|\(\d{1,9}文字目\))\Z")
_COPIED = ("stamp", "db_user", "database", "remote_host", "session_id", "sql_state", "application")


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

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its further lines are ignored as continuation."""
        part = Part(lines=len(block))
        reading = _Reading(block, line_prefix(block.context), part)
        for index, text in enumerate(_texts(block, declared.encoding)):
            reading.add(index, text)
        add_records(reading.records(), declared, part)
        return part


def _share(setting: str, lines: list[str]) -> float:
    prefix = line_prefix(setting)
    return sum(prefix.strict.match(line) is not None for line in lines) / len(lines)


def _texts(block: LineBlock, encoding: str | None) -> Iterator[str | None]:
    """Each line as text; None where it is neither UTF-8 nor in a declared encoding."""
    if block.is_utf8:
        lines = block.data.decode("utf-8").split("\n")
        yield from lines[: len(block)]
        return
    for _, _, line in block.lines():
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            yield line.decode(encoding, "backslashreplace") if encoding else None


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


class _Reading:
    """The records of a block, line by line."""

    def __init__(self, block: LineBlock, prefix: LinePrefix, part: Part) -> None:
        self.part = part
        self.prefix = prefix
        self.numbers = block.line_numbers.tolist()
        self.offsets = block.offsets.tolist()
        self.rows: list[dict[str, Any]] = []
        self._last: dict[str | None, dict[str, Any]] = {}
        self._open: tuple[dict[str, Any], str] | None = None

    def add(self, index: int, text: str | None) -> None:
        """Take the next line."""
        if text is None:
            self._not_text(index)
            return
        text = text.rstrip("\r") if not index or text.endswith("\r") else text
        if self.offsets[index] == 0:
            text = text.removeprefix("\ufeff")
        fields = None if text[:1] in {"\t", ""} else self.prefix.read(text)
        if fields is None:
            self._go_on(index, text)
        elif fields["label"] in KNOWN_SEVERITIES:
            self._begin(index, fields)
        else:
            self._add_to_record(index, fields)

    def _begin(self, index: int, fields: dict[str, str | None]) -> None:
        row: dict[str, Any] = {name: fields.get(name) for name in _COPIED}
        message = fields["text"] or ""
        state = _SQL_STATE.match(message)
        if state is not None and row["sql_state"] is None:
            row["sql_state"], message = state["state"], message[state.end() :]
        number = fields.get("session_line")
        row["session_id"] = row["session_id"] or fields.get("pid")
        row["session_line"] = int(number) if number else None
        if fields.get("epoch"):
            row["stamp"] = _stamp_of_epoch(fields["epoch"] or "")
        row |= {"severity": fields["label"], "message": message}
        row |= {"line": self.numbers[index], "byte_offset": self.offsets[index]}
        self.rows.append(row)
        self._last[fields.get("pid")] = row
        self._open = (row, "message")

    def _add_to_record(self, index: int, fields: dict[str, str | None]) -> None:
        row = self._last.get(fields.get("pid"))
        if row is None:
            self.part.reject(self.numbers[index], self.offsets[index], "detail_without_record")
            self._open = ({}, "message")
            return
        column = LABELS[fields["label"] or ""]
        row[column] = fields["text"]
        self._open = (row, column)
        self.part.ignored["continuation"] += 1

    def _go_on(self, index: int, text: str) -> None:
        if self._open is not None and text[:1] in {"\t", " "}:
            row, column = self._open
            row[column] = f"{row.get(column) or ''}\n{text[1:] if text.startswith(chr(9)) else text}"
            self.part.ignored["continuation"] += 1
        elif not text.strip():
            self.part.ignored["blank"] += 1
        else:
            self.part.reject(self.numbers[index], self.offsets[index], "no_log_line_prefix")

    def _not_text(self, index: int) -> None:
        """A record of which a line cannot be read is rejected whole: its SQL could not be replayed as it ran."""
        self.part.reject(self.numbers[index], self.offsets[index], "not_utf8")
        if self._open is not None:
            self._open[0]["spoilt"] = True

    def records(self) -> pa.Table:
        """The records in the columns of RECORDS."""
        whole = []
        for row in self.rows:
            if row.get("spoilt"):
                self.part.reject(row["line"], row["byte_offset"], "not_utf8")
            else:
                if row["severity"] not in {"LOG", "ログ"}:
                    row["message"] = _POSITION.sub("", row["message"])
                whole.append(row)
        columns = {name: [row.get(name) for row in whole] for name in RECORDS.names}
        return pa.table(columns, schema=RECORDS)


def _stamp_of_epoch(text: str) -> str | None:
    try:
        moment = dt.datetime.fromtimestamp(int(text[:-4]), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return f"{moment:%Y-%m-%d %H:%M:%S}{text[-4:]} UTC"
