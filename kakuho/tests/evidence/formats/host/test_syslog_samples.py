"""Syslog and auth.log, on what nobody here wrote: Elastic's, dissect's and OSSEC's samples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats.host.syslog import AuthLog, Syslog

from ...reading import read, recognise
from ...samples import sample
from .comparison import Comparison, flat

BEATS = "elastic-beats/filebeat/module/system"
INTEGRATION = "elastic-integrations/packages/system/data_stream/auth/_dev/test/pipeline"


def expected_events(path: Path) -> list[dict[str, Any]]:
    given = json.loads(path.read_text("utf-8"))
    events = given["expected"] if isinstance(given, dict) else given
    return [dict(flat(event)) for event in events if event]


def merged(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The rows of each line as one, ``unmapped`` unpacked."""
    lines: dict[int, dict[str, Any]] = {}
    for row in rows:
        kept = json.loads(row.get("unmapped", "{}"))
        lines.setdefault(row["line"], {}).update(kept | row)
    return lines


def compare(comparison: Comparison, number: int, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Compare what Elastic makes of one line with ours."""
    for name, mine in (
        ("host.hostname", ours.get("host")),
        ("process.pid", ours.get("pid", ours.get("parent_pid"))),
        ("source.ip", ours.get("src_ip")),
        ("source.port", ours.get("src_port")),
        ("system.auth.ssh.method", ours.get("auth_protocol")),
        ("system.auth.ssh.signature", ours.get("key")),
        ("system.auth.ssh.dropped_ip", ours.get("src_ip")),
        ("system.auth.sudo.command", ours.get("command_line")),
        ("system.auth.sudo.pwd", ours.get("cwd")),
        ("system.auth.sudo.tty", ours.get("tty")),
        ("system.auth.sudo.user", ours.get("run_as")),
        ("system.auth.sudo.error", ours.get("reason")),
        ("message", ours["message"]),
    ):
        if name in theirs:
            comparison.field(name, number, mine, theirs[name])
    if "process.name" in theirs and "application" in ours:
        comparison.field("process.name", number, ours["application"], theirs["process.name"])
    if "user.name" in theirs and "activity" in ours:
        comparison.field("user.name", number, ours.get("user_name"), theirs["user.name"])
    if "event.outcome" in theirs and "activity" in ours:
        comparison.field("event.outcome", number, ours.get("outcome"), theirs["event.outcome"])


@pytest.mark.parametrize(
    "name",
    [
        *(f"{BEATS}/auth/test/{name}" for name in ("auth-ubuntu1204", "secure-rhel7", "test", "timestamp")),
        *(f"{BEATS}/syslog/test/{name}"
          for name in ("darwin-syslog", "darwin-syslog-sample", "suse-syslog", "tz-offset")),
        *(f"{INTEGRATION}/{name}"
          for name in ("test-auth", "test-auth-ubuntu1204", "test-multiline", "test-secure-rhel7", "test-timestamp")),
    ],
)  # fmt: skip
def test_every_field_of_elastics_lines(name: str) -> None:
    path = sample(*f"{name}.log".split("/"))
    rows, part = read(AuthLog(), path, "Asia/Tokyo")
    lines = merged(rows)
    events = expected_events(path.with_name(path.name + "-expected.json"))
    ours = sorted(lines)
    assert not part.rejects
    comparison = Comparison(name)
    for number, (line, theirs) in enumerate(zip(ours, events, strict=False), 1):
        compare(comparison, number, lines[line], theirs)
        if "log.offset" in theirs:
            comparison.field("log.offset", number, lines[line]["byte_offset"], theirs["log.offset"])
    comparison.check()


@pytest.mark.parametrize(("name", "times"), [
    ("suse-syslog", ["2018-08-14T12:30:02.203151", "2018-08-14T12:30:02.203251"]),
    ("tz-offset", ["1986-04-25T21:23:45.101000", "1986-04-25T21:23:45.388424", "2019-06-14T01:40:20.912134"]),
])  # fmt: skip
def test_a_zone_in_the_line_counts_and_else_the_declared_one(name: str, times: list[str]) -> None:
    rows, _ = read(Syslog(), sample(*f"{BEATS}/syslog/test/{name}.log".split("/")), "Asia/Tokyo")
    assert [row["time"].isoformat() for row in rows] == times


def test_dissects_auth_log_has_ten_lines_in_the_year_before_it_was_written() -> None:
    path = sample("dissect-target", "os", "unix", "log", "auth", "auth.log")
    rows, part = read(AuthLog(), path, "Asia/Tokyo")
    assert part.events == 10
    assert rows[0]["time"].isoformat() == "2024-11-13T21:39:01"
    logind = [row for row in rows if row.get("service") == "systemd-logind"]
    assert [(row["activity"], row["session_id"]) for row in logind] == [("logon", "4"), ("logoff", "4")]


@pytest.mark.parametrize("folder", ["auth/secure", "messages/messages"])
def test_a_new_year_in_mid_file(folder: str) -> None:
    path = sample("dissect-target", "os", "unix", "log", *folder.split("/"))
    rows, _ = read(Syslog(), path, "Asia/Tokyo")
    assert [row["time"].year for row in rows] == [2024, 2025]


def ossec_lines(name: str) -> list[str]:
    """The lines of an OSSEC test file that must give its rules."""
    text = sample("ossec-log-tests", "tests", f"{name}.ini").read_text("utf-8")
    return re.findall(r"(?m)^log \d+ pass ?= ?(.*)$", text)


@pytest.mark.parametrize("name", ["sshd", "pam", "su", "sudo", "dropbear", "apparmor", "named"])
def test_every_line_of_ossecs_host_tests_is_read(name: str, tmp_path: Path) -> None:
    lines = [line for line in ossec_lines(name) if re.match(r"[A-Z][a-z]{2} [ \d]\d \d\d:|\d{4}-\d\d-\d\dT", line)]
    path = tmp_path / f"{name}.log"
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    rows, part = read(Syslog(), path, "Asia/Tokyo")
    assert lines
    assert not part.rejects
    assert {row["line"] for row in rows} == set(range(1, len(lines) + 1))


@pytest.mark.parametrize(("name", "failures"), [("pam", 4), ("su", 3), ("sudo", 3), ("sshd", 4)])
def test_what_ossec_calls_a_failed_login_is_one(name: str, failures: int, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.log"
    path.write_text("".join(line + "\n" for line in ossec_lines(name)), "utf-8")
    rows, _ = read(AuthLog(), path, "Asia/Tokyo")
    failed = {row["line"] for row in rows if row.get("outcome") == "failure" and "service" in row}
    assert len(failed) == failures, [row["message"] for row in rows if row["line"] in failed]


def test_samples_are_told_apart() -> None:
    secure = sample(*f"{BEATS}/auth/test/secure-rhel7.log".split("/"))
    darwin = sample(*f"{BEATS}/syslog/test/darwin-syslog.log".split("/"))
    confidence = {}
    for path in (secure, darwin):
        for known in (AuthLog(), Syslog()):
            found = recognise(known, path)
            confidence[path.name, known.name] = found.confidence if found else 0
    assert confidence["secure-rhel7.log", "auth_log"] > confidence["secure-rhel7.log", "syslog"] > 0.5
    assert confidence["darwin-syslog.log", "syslog"] > 0.5 > confidence["darwin-syslog.log", "auth_log"]
