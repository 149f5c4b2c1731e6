"""Syslog: three shapes, years and zones that are not written, and who came in."""

from __future__ import annotations

import datetime as dt
import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.errors import UsageError
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared, SourceFile
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host import syslog_time
from kakuho.evidence.formats.host.auth_messages import peer_of, rows_of_message
from kakuho.evidence.formats.host.syslog import AuthLog, Syslog
from kakuho.evidence.formats.host.syslog_lines import MONTHS
from kakuho.evidence.formats.host.syslog_time import dated_blocks

from ...reading import read, read_whole, recognise

DATA = Path(__file__).resolve().parents[2] / "data" / "host"


def lines(
    tmp_path: Path, text: str | bytes, time_zone: str | None = "Asia/Tokyo", **declared: Any
) -> list[dict[str, Any]]:
    """The rows of a log."""
    path = tmp_path / "syslog"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    rows, part = read(Syslog(), path, declared=Declared(time_zone, **declared))
    assert not part.rejects
    return rows


def test_rsyslogs_three_shapes_say_the_same() -> None:
    whole = {}
    for name in ("auth.log", "auth-iso.log", "auth-5424.log"):
        rows, part = read(AuthLog(), DATA / name, "Asia/Tokyo")
        assert not part.rejects
        whole[name] = [
            {key: row.get(key) for key in ("host", "activity", "outcome", "user_name", "src_ip", "src_port")}
            for row in rows
        ]
    assert whole["auth.log"] == whole["auth-iso.log"] == whole["auth-5424.log"]


def test_a_login_over_ssh_from_the_first_word_to_the_last() -> None:
    rows, _ = read(AuthLog(), DATA / "auth-iso.log")
    logins = [(row["activity"], row["outcome"], row["user_name"], row["src_ip"]) for row in rows if "src_port" in row]
    forged = "root from 203.0.113.9 port 22 ssh2"
    assert logins[:5] == [
        ("logon", "failure", "sakura", "127.0.0.1"),
        ("logon", "failure", forged, "127.0.0.1"),
        ("logon", "failure", forged, "127.0.0.1"),
        ("logon", "failure", "田中", "127.0.0.1"),
        ("logon", "failure", "田中", "127.0.0.1"),
    ]
    assert logins[5:] == [("logon", "success", "sakura", "127.0.0.1"), ("logoff", "success", "sakura", "127.0.0.1")] * 2
    [command] = [row for row in rows if row.get("parent_path") == "sudo"]
    assert (command["user_name"], command["command_line"]) == ("sakura", "/usr/bin/id")
    assert json.loads(command["unmapped"])["run_as"] == "root"
    assert {row["src_ip"] for row in rows if "src_ip" in row} == {"127.0.0.1"}
    assert any(row["message"] == "お客様番号 １２３４ の照会に失敗しました" for row in rows)


def test_priorities_and_structured_data(tmp_path: Path) -> None:
    text = (
        '<165>1 2025-03-19T09:00:01.123456+09:00 web1 app 7 LOGIN [auth@32473 user="sa\\"ku\\]ra" n="1"][x@1] '
        "\ufeffログイン\n<34>1 2025-03-19T00:00:02Z - - - - -\n"
    )
    first, second = lines(tmp_path, text, None)
    assert first["time"].isoformat() == "2025-03-19T00:00:01.123456"
    assert (first["severity"], first["event_code"], first["message"]) == ("notice", "LOGIN", "ログイン")
    assert json.loads(first["unmapped"]) == {
        "facility": "local4",
        "structured_data": {"auth@32473": {"n": "1", "user": 'sa"ku]ra'}, "x@1": {}},
    }
    assert set(second) == {"time", "line", "byte_offset", "message", "severity", "unmapped"}
    assert (second["message"], second["severity"]) == ("", "critical")


def test_years_come_from_when_the_file_was_written_and_turn_in_mid_file(tmp_path: Path) -> None:
    stamps = ["Nov 30 23:59:59", "Dec 31 23:59:59", "Jan  1 00:00:00", "Dec 31 23:59:58", "Apr 22 08:00:00"]
    text = "".join(f"{stamp} h a: b\n" for stamp in stamps)
    assert [row["time"].year for row in lines(tmp_path, text, "UTC")] == [2024, 2024, 2025, 2024, 2025]
    assert [row["time"].year for row in lines(tmp_path, text.replace("Apr 22", "May 22"), "UTC")] == [
        2023, 2023, 2024, 2023, 2024,
    ]  # fmt: skip


def test_the_29th_of_february_is_in_a_leap_year(tmp_path: Path) -> None:
    [row] = lines(tmp_path, "Feb 29 12:00:00 h a: b\n")
    assert row["time"].isoformat() == "2024-02-29T03:00:00"


def test_every_block_knows_its_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakuho.evidence.formats.host.syslog_time.BLOCK_BYTES", 120)
    path = tmp_path / "syslog"
    stamps = [f"{month} {day:2d}" for _ in range(3) for month in ("Jan", "Jun", "Dec") for day in (1, 15, 28)]
    path.write_text("".join(f"{stamp} 10:00:00 host app[1]: message\n" for stamp in stamps))
    written = dt.datetime(2025, 12, 28, 23, tzinfo=dt.UTC)
    source = SourceFile(PlainContent(path), "syslog", written, "rfc3164", Declared("UTC"))
    assert len(list(dated_blocks(source))) > 5
    times = read_whole(Syslog(), source).tables["base_event"]["time"].to_pylist()
    assert [time.year for time in times] == [2023] * 9 + [2024] * 9 + [2025] * 9
    assert times == sorted(times)


def test_indented_lines_belong_to_the_line_before_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakuho.evidence.formats.host.syslog_time.BLOCK_BYTES", 64)
    path = tmp_path / "syslog"
    path.write_text("Apr  1 10:00:00 h app: first\n\tsecond\n  third\nApr  1 10:00:01 h app: other\n" * 20)
    rows, part = read(Syslog(), path, "Asia/Tokyo")
    assert [row["message"] for row in rows] == ["first\n\tsecond\n  third", "other"] * 20
    assert part.ignored == {"continuation": 40}
    assert rows[2]["line"] == 5


def test_a_zone_has_to_be_declared_where_none_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="zone") as refused:
        lines(tmp_path, "Apr  1 10:00:00 h app: x\n", None)
    assert "--time-zone Asia/Tokyo" in str(refused.value)


def test_japanese_encodings(tmp_path: Path) -> None:
    text = "Apr  1 10:00:00 h app: 氏名 全角\n".encode("euc_jp")
    [row] = lines(tmp_path, text, encoding="euc_jp")
    assert row["message"] == "氏名 全角"
    [row] = lines(tmp_path, text)
    assert row["message"].startswith("\\xbb")


@pytest.mark.parametrize(
    ("application", "message", "expected"),
    [
        ("sshd", "Accepted publickey for a from 2001:db8::1 port 5 ssh2: ED25519 SHA256:x",
         {"outcome": "success", "user_name": "a", "src_ip": "2001:db8::1", "auth_protocol": "publickey"}),
        ("sshd", "Failed none for root from 10.0.0.1 port 5 ssh2", {"outcome": "failure", "auth_protocol": "none"}),
        ("sshd", "error: maximum authentication attempts exceeded for invalid user a from 10.0.0.1 port 5 ssh2",
         {"outcome": "failure", "user_name": "a", "src_ip": "10.0.0.1", "src_port": 5}),
        ("sshd", "User bin from 10.0.0.1 not allowed because not listed in AllowUsers",
         {"outcome": "failure", "user_name": "bin"}),
        ("sshd", "message repeated 3 times: [ Failed password for root from 10.0.0.1 port 5 ssh2]",
         {"outcome": "failure", "unmapped": {"count": "3"}}),
        ("sudo", "  a : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
         {"outcome": "failure", "user_name": "a"}),
        ("sudo", "  a : ユーザーは sudoers 内にありません ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
         {"outcome": "failure", "user_name": "a"}),
        ("su", "FAILED SU (to root) a on pts/0", {"outcome": "failure", "user_name": "root", "unmapped": {"by": "a"}}),
        ("su", "+ /dev/pts/0 a:root", {"outcome": "success", "user_name": "root"}),
        ("login", "FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure",
         {"outcome": "failure", "user_name": "root", "logon_type": "/dev/tty1"}),
        ("systemd-logind", "New session 12 of user a.", {"activity": "logon", "session_id": "12"}),
        ("CRON", "(root) CMD (cd / && run-parts)", {"activity": "launch", "command_line": "cd / && run-parts"}),
        ("vsftpd(pam_unix)", "check pass; user unknown", {"outcome": "failure", "service": "vsftpd"}),
    ],
)  # fmt: skip
def test_who_came_in(application: str, message: str, expected: dict[str, Any]) -> None:
    _, row = rows_of_message(application, message)[0]
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ("Connection closed by invalid user root from 203.0.113.9 port 22 ssh2 10.0.0.1 port 5 [preauth]", "10.0.0.1"),
        ("Received disconnect from 10.0.0.1 port 5:11: bye from 203.0.113.9 port 22", "10.0.0.1"),
        ("Did not receive identification string from 10.0.0.1", "10.0.0.1"),
        ("Server listening on 0.0.0.0 port 22.", None),
    ],
)
def test_the_peer_is_not_what_the_peer_says(message: str, address: str | None) -> None:
    assert peer_of(message) == address


def test_an_audit_record_sent_through_syslog(tmp_path: Path) -> None:
    [row] = lines(
        tmp_path,
        "Jun 24 10:35:29 web1 kernel: [49787.970285] audit: type=1400 audit(1742342401.123:88): "
        'apparmor="DENIED" operation="open" name="/etc/shadow" pid=5 comm="nginx"\n',
    )
    assert (row["time"].isoformat(), row["event_code"], row["host"]) == ("2025-03-19T00:00:01.123000", "AVC", "web1")


def test_sysmon_for_linux(tmp_path: Path) -> None:
    event = (
        "<Event><System><EventID>{}</EventID></System><EventData>"
        '<Data Name="UtcTime">2025-03-19 00:00:01.123</Data><Data Name="ProcessId">7</Data>'
        '<Data Name="Image">/usr/bin/curl</Data><Data Name="User">root</Data>{}</EventData></Event>'
    )
    text = "".join(
        f"Mar 19 09:00:01 web1 sysmon: {event.format(code, data)}\n"
        for code, data in (
            (1, '<Data Name="CommandLine">curl -d a&amp;b</Data><Data Name="ParentProcessId">6</Data>'),
            (3, '<Data Name="DestinationIp">203.0.113.9</Data><Data Name="DestinationPort">443</Data>'),
            (11, '<Data Name="TargetFilename">/tmp/x</Data>'),
            (9, ""),
        )
    )
    process, network, file, other = lines(tmp_path, text)
    assert process["time"].isoformat() == "2025-03-19T00:00:01.123000"
    assert (process["command_line"], process["parent_pid"], process["pid"]) == ("curl -d a&b", 6, 7)
    assert (network["dst_ip"], network["dst_port"]) == ("203.0.113.9", 443)
    assert (file["activity"], file["file_path"]) == ("create", "/tmp/x")
    assert other["application"] == "sysmon"


def test_lines_of_other_programs_are_not_claimed(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("2025-03-19 09:00:01 JST [7] LOG:  statement: SELECT 1\n" * 5 + '{"a": 1}\n')
    assert recognise(Syslog(), path) is None
    assert recognise(AuthLog(), path) is None


DATED = st.sampled_from(["Jan  2 03:04:05 h a: b", "Feb 29 00:00:00 h", "Dec 31 23:59:59 h", "<34>Feb  1 00:00:00 h"])


@given(st.lists(DATED | st.sampled_from(["", "Jan", "January", " Feb  1 00:00:00", "Dec 31", "日本"]), max_size=30))
def test_the_first_and_last_date_of_each_month_in_a_row_are_found(texts: list[str]) -> None:
    block = LineBlock("\n".join(texts).encode(), 0, 1)
    every = [(MONTHS[name.decode()], int(day)) for name, day in syslog_time._MONTH_OF_LINE.findall(block.data)]
    found = syslog_time._dates(block)
    assert [month for month, _ in groupby(month for month, _ in found)] == [
        month for month, _ in groupby(month for month, _ in every)
    ]
    assert found[-1:] == every[-1:]
