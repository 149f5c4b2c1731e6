"""Messages and journal entries become the same rows by columns as one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.formats import FORMATS, Declared
from kakuho.evidence.formats.base import Part, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host import journal_blocks, syslog, syslog_columns
from kakuho.evidence.formats.host.syslog_lines import SyslogLine
from kakuho.evidence.formats.host.syslog_rows import add_message
from kakuho.evidence.formats.host.syslog_time import YearBefore
from kakuho.evidence.formats.rows_by_table import RowsByTable, ip_address

_MESSAGES = [
    ("sshd", "Failed password for invalid user 佐藤 from 192.0.2.7 port 4711 ssh2"),
    ("sshd", "Accepted publickey for tanaka from 2001:db8::1 port 4712 ssh2: RSA SHA256:abc"),
    ("sshd", "pam_unix(sshd:session): session opened for user tanaka(uid=1000) by (uid=0)"),
    ("sshd", "Connection closed by invalid user x 192.0.2.7 port 4713 [preauth]"),
    ("sudo", "  tanaka : TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/sh"),
    ("sudo", "  tanaka : user NOT in sudoers ; TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/sh"),
    ("CRON", "(root) CMD (backup)"),
    ("systemd-logind", "New session 7 of user tanaka."),
    ("useradd", "new user: name=akira, UID=1001"),
    ("kernel", "audit: type=1300 audit(1742342401.123:7): arch=c000003e syscall=59 success=yes exit=0 pid=2 uid=0"),
    ("app", 'a "quoted" \\ message'),
]
_SIGNS = ["", " ", "-", '"', "\\", "\t", "全", "x", "9" * 20, "-1", "\x01"]


class _OneByOne:
    """The rows of syslog messages made one by one."""

    def __init__(self, encoding: str | None) -> None:
        self._rows, self._encoding = RowsByTable(), encoding

    def add(self, time: int, number: int, offset: int, line: SyslogLine, more: list[str]) -> None:
        add_message(time, number, offset, line, more, self._rows, self._encoding)

    def into(self, part: Part) -> None:
        self._rows.into(part)


def _read(name: str, data: bytes, context: Any = None) -> tuple[Any, ...]:
    known = FORMATS[name]
    assert isinstance(known, TextFormat)
    part = known.read_block(LineBlock(data, 0, 1, context), Declared("Asia/Tokyo"))
    tables = {table: rows.to_pylist() for table, rows in part.tables.items() if len(rows)}
    return part.lines, part.events, +part.ignored, part.rejects, part.facts, tables


@st.composite
def _syslog_line(draw: st.DrawFn) -> str:
    program, message = draw(st.sampled_from(_MESSAGES))
    place = draw(st.integers(0, len(message)))
    message = message[:place] + draw(st.sampled_from(_SIGNS)) + message[place:]
    pid = draw(st.sampled_from(["", "[77]"]))
    heading = draw(st.sampled_from(["Mar 19 09:00:01 h ", "<38>Mar 19 09:00:02 h ", "Mar 19 09:00:99 h ", "  ", "?"]))
    return f"{heading}{program}{pid}: {message}"


@given(st.lists(_syslog_line(), min_size=1, max_size=20))
def test_syslog_messages_by_columns_as_one_by_one(lines: list[str]) -> None:
    data = ("\n".join(lines) + "\n").encode()
    context = YearBefore(2025, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syslog_columns, "_MESSAGES_AT_ONCE", 7)
        by_columns = _read("syslog", data, context)
        patch.setattr(syslog, "SyslogMessages", _OneByOne)
        assert by_columns == _read("syslog", data, context)


@st.composite
def _entry(draw: st.DrawFn) -> dict[str, Any]:
    program, message = draw(st.sampled_from(_MESSAGES))
    entry: dict[str, Any] = {
        "__REALTIME_TIMESTAMP": "1742342401000000",
        "__SEQNUM": "7",
        "_HOSTNAME": "web1",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": program,
        "_COMM": program,
        "_PID": "77",
        "_UID": "0",
        "MESSAGE": message,
    }
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from([*entry, "lower", "_SOURCE_REALTIME_TIMESTAMP", "MESSAGE_ID", "__SEQNUM_ID"]))
        value = draw(st.sampled_from([*_SIGNS, None, ["a", "b"], [0xE3, 0x81, 0x82]]))
        entry[name] = value
    if draw(st.booleans()):
        del entry[draw(st.sampled_from(list(entry)))]
    return entry


@given(st.lists(_entry(), min_size=1, max_size=12))
def test_journal_entries_by_columns_as_one_by_one(entries: list[dict[str, Any]]) -> None:
    data = "".join(json.dumps(entry) + "\n" for entry in entries).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_blocks, "ENTRIES_AT_ONCE", 5)
        patch.setattr(journal_blocks, "FEWEST", 1)
        by_columns = _read("journal_json", data)
        patch.setattr(journal_blocks, "FEWEST", 1000)
        assert by_columns == _read("journal_json", data)


def test_addresses_are_kept_as_they_are_written() -> None:
    found = {text: ip_address(text) for text in ("192.0.2.7", "255.255.255.255", "::ffff:1.2.3.4", "fe80::1%eth0")}
    assert list(found.values()) == ["192.0.2.7", "255.255.255.255", "1.2.3.4", "fe80::1"]


@pytest.mark.parametrize("text", ["256.1.1.1", "01.2.3.4", "1.2.3", "a", "\uff11.2.3.4"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert ip_address(text) is None
