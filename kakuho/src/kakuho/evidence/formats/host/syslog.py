"""Syslog files (``messages``, ``syslog``) and the log of who came in (``auth.log``, ``secure``).

One reader for both; they differ in what they witness. An indented line belongs to the line before (``continuation``),
its text to that line's message. Dates without a year or a zone: :mod:`.syslog_time`. The message is always kept: in
``message`` of every row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host.auth_messages import PROGRAMS_THAT_LET_IN
from kakuho.evidence.formats.host.syslog_columns import SyslogMessages
from kakuho.evidence.formats.host.syslog_lines import SyslogLine, parsed, shape
from kakuho.evidence.formats.host.syslog_time import Clock, dated_blocks
from kakuho.evidence.formats.host.text_lines import text_lines
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual

_MOSTLY = 0.5
_SURE, _SURE_OF_AUTH, _LESS_SURE = 0.9, 0.95, 0.85
"""Never wholly sure: what a program with a format of its own sends through syslog is better read as that."""


class Syslog(TextFormat):
    """System logs in the formats of syslog."""

    name = "syslog"
    label = Bilingual(ja="システムログ（syslog）", en="system log (syslog)")
    role = "host_log"
    tables = ("authentication", "process_activity", "file_activity", "network_activity", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with such a heading; less sure where most are of programs that let people in."""
        share, variant, lets_in = _shares(head)
        if not share:
            return None
        return Recognition(
            share * (_LESS_SURE if lets_in >= _MOSTLY else _SURE), variant, share_in_words(share, f"syslog {variant}")
        )

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks of whole messages, with the year that they begin in."""
        return dated_blocks(source)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, goes on from the line before, is blank or is rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        messages = SyslogMessages(declared.encoding)
        with no_collection():
            _read(block, declared, part, messages)
            messages.into(part)
        return part


class AuthLog(Syslog):
    """Logs of logins and of commands run as another user: ``auth.log``, ``secure``."""

    name = "auth_log"
    label = Bilingual(ja="認証ログ（auth.log・secure）", en="authentication log (auth.log, secure)")
    role = "authentication_log"

    def recognise(self, head: Head) -> Recognition | None:
        """As a syslog most of whose lines are of programs that let people in."""
        share, variant, lets_in = _shares(head)
        if not lets_in:
            return None
        why = share_in_words(lets_in, "auth.log / secure")
        return Recognition(share * (_SURE_OF_AUTH if lets_in >= _MOSTLY else lets_in * _LESS_SURE), variant, why)


def _shares(head: Head) -> tuple[float, str, float]:
    """The share of syslog lines, their commonest shape, and the share of them that programs that let in wrote."""
    texts = [line.decode("utf-8", "backslashreplace").removeprefix("\ufeff") for line in head.lines]
    texts = [text for text in texts if text[:1] not in {" ", "\t"}]
    shapes = Counter(found for text in texts if (found := shape(text)) and parsed(text))
    if not shapes:
        return 0.0, "", 0.0
    lines = [line for text in texts if (line := parsed(text))]
    named = sum(line.application is not None for line in lines) / len(lines)
    lets_in = sum(_lets_in(line) for line in lines) / len(lines)
    return len(lines) / len(texts) * (1 if named >= _MOSTLY else named), shapes.most_common(1)[0][0], lets_in


def _lets_in(line: SyslogLine) -> bool:
    program = (line.application or "").rpartition("/")[2].partition("(")[0]
    return program in PROGRAMS_THAT_LET_IN or line.message.startswith("pam_unix(")


def _read(block: LineBlock, declared: Declared, part: Part, messages: SyslogMessages) -> None:
    clock = Clock(declared, block.context)
    pending: tuple[int, int, int, SyslogLine] | None = None
    more: list[str] = []
    for number, offset, text in text_lines(block, declared.encoding, part):
        if text[:1] in {" ", "\t"} and pending is not None and text.strip():
            part.ignored["continuation"] += 1
            more.append(text)
            continue
        if pending is not None:
            messages.add(*pending, more)
            pending, more = None, []
        if not text.strip():
            part.ignored["blank"] += 1
            continue
        line = parsed(text)
        if line is None:
            part.reject(number, offset, "not_syslog")
            continue
        time = _time(line, clock)
        if time is None:
            part.reject(number, offset, "time_not_valid")
            continue
        pending = (time, number, offset, line)
        part.events += 1
    if pending is not None:
        messages.add(*pending, more)


def _time(line: SyslogLine, clock: Clock) -> int | None:
    if line.stamp is None:
        return None
    if line.month is not None:
        return clock.of_yearless(line.month, line.stamp, line.fraction)
    return clock.of_iso(line.stamp, line.fraction, line.zone)
