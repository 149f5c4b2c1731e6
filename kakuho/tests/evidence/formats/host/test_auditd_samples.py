"""The audit log, on what nobody here wrote: Elastic's and dissect's samples, and what ausearch says of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats.host.auditd import Auditd

from ...reading import read
from ...samples import sample
from .comparison import Comparison, flat

FILEBEAT = "elastic-beats/filebeat/module/auditd/log/test"
AUDITBEAT = "elastic-beats/auditbeat/module/auditd/testdata"
INTEGRATION = "elastic-integrations/packages/auditd/data_stream/log/_dev/test/pipeline"
IDENTITY = re.compile(r"(?:node=(\S+) )?type=(\S+) msg=audit\((\d+\.\d+:\d+)\)")

RECORD_FIELDS = {
    "process.pid": "pid",
    "process.parent.pid": "ppid",
    "process.exit_code": "exit",
    "process.working_directory": "cwd",
    "user.audit.id": "auid",
    "user.saved.id": "suid",
    "user.filesystem.id": "fsuid",
    "user.group.id": "gid",
    "user.effective.group.id": "egid",
    "user.saved.group.id": "sgid",
    "user.filesystem.group.id": "fsgid",
    "user.terminal": "terminal",
    "source.ip": "addr",
    "auditd.log.new_auid": "auid",
    "auditd.log.new_ses": "ses",
    "auditd.log.old_auid": "old-auid",
    "auditd.log.old_ses": "old-ses",
}
"""Elastic's name of a field, and the field of the record."""

SUCCESS = {"success": True, "1": True, "yes": True, "failure": False, "failed": False, "0": False, "no": False}


def records(path: Path) -> dict[str, dict[str, Any]]:
    """Each event's row and its records by type, under the event's time and serial."""
    rows, _ = read(Auditd(), path)
    lines = path.read_text("utf-8").splitlines()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        heading = IDENTITY.match(lines[row["line"] - 1])
        if heading and "unmapped" in row:
            found.setdefault(heading[3], {"row": row, "records": json.loads(row["unmapped"])})
    return found


def record_of(event: dict[str, Any], kind: str, position: int) -> dict[str, Any]:
    """The record of a type among those of an event; of several PATH records the one at ``position``."""
    found: Any = event["records"].get(kind, {})
    return found[position] if isinstance(found, list) else found


def succeeded(row: dict[str, Any], record: dict[str, Any]) -> bool | None:
    """What an event came to: its outcome, or what the record says where the table has no such column."""
    return SUCCESS.get(row.get("outcome", record.get("res", record.get("result", ""))).lower())


def session_of(row: dict[str, Any], record: dict[str, Any]) -> str:
    """The audit session, ``unset`` where there is none."""
    number = row.get("session_id", record.get("ses", ""))
    return "unset" if number in {"", "4294967295"} else str(number)


def compare_record(comparison: Comparison, line: int, event: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare what Elastic makes of one record with ours."""
    original = expected["event.original"]
    heading = IDENTITY.match(original)
    assert heading is not None
    record = record_of(event, heading[2], 0)
    for name, value in expected.items():
        if name == "@timestamp":
            ours = event["row"]["time"].isoformat(timespec="milliseconds") + "Z"
            comparison.field(name, line, ours, value)
        elif name == "auditd.log.sequence":
            comparison.field(name, line, int(heading[3].partition(":")[2]), value)
        elif name == "auditd.log.node":
            comparison.field(name, line, event["row"].get("host"), value)
        elif name == "process.args":
            ours = record["args"] if "args" in record else event["row"]["command_line"].split(" ")
            comparison.field(name, line, ours, value)
        elif name == "process.args_count" and "argc" in record:
            comparison.field(name, line, record["argc"], str(value))
        elif name == "event.outcome" and heading[2] != "SYSCALL":
            comparison.field(name, line, succeeded(event["row"], record), SUCCESS.get(value))
        elif name == "process.executable" and "exe" in record:
            comparison.field(name, line, record["exe"], value)
        elif name == "process.name" and "comm" in record:
            comparison.field(name, line, record["comm"], value)
        elif name == "network.direction" and event["row"]["activity"] == "open":
            comparison.field(name, line, "ingress" if "src_ip" in event["row"] else "egress", value)
        elif name in RECORD_FIELDS and RECORD_FIELDS[name] in record:
            comparison.field(name, line, record[RECORD_FIELDS[name]], str(value))
        elif name.startswith("auditd.log.") and name != "auditd.log.record_type":
            key = name.removeprefix("auditd.log.")
            comparison.field(name, line, record.get(key, record.get(key.replace("_", "-"))), str(value))


def expected_events(path: Path) -> list[dict[str, Any]]:
    """Elastic's expected events with dotted names, those that it drops left out."""
    given = json.loads(path.read_text("utf-8"))
    events = given["expected"] if isinstance(given, dict) else given
    return [dict(flat(event)) for event in events if event]


@pytest.mark.parametrize(
    "name",
    [
        *(f"{FILEBEAT}/{name}" for name in
          ("audit-cent7-node", "audit-rhel6", "audit-rhel7", "audit-ubuntu1604", "avc", "execve", "test", "useradd")),
        *(f"{INTEGRATION}/{name}" for name in ("test-auditd-raw", "test-auditd-useradd", "test-truncated-execve")),
    ],
)  # fmt: skip
def test_every_field_of_elastics_records(name: str) -> None:
    path = sample(*f"{name}.log".split("/"))
    ours = records(path)
    comparison = Comparison(name)
    for number, expected in enumerate(expected_events(path.with_name(path.name + "-expected.json")), 1):
        heading = IDENTITY.match(expected["event.original"])
        if heading is not None and "@timestamp" in expected:
            compare_record(comparison, number, ours[heading[3]], expected)
    comparison.check()


@pytest.mark.parametrize(
    "name", ["auditlogin", "centos7", "chown", "passwd", "setuid", "sudo", "sudo-asuser", "useradd", "userlogin"]
)
def test_every_field_of_elastics_joined_events(name: str) -> None:
    path = sample(*f"{AUDITBEAT}/{name}.log".split("/"))
    ours = records(path)
    comparison = Comparison(f"{AUDITBEAT}/{name}")
    expected_list = expected_events(path.with_name(path.name + "-expected.json"))
    assert len(ours) == len(expected_list)
    for number, expected in enumerate(expected_list, 1):
        original = expected["event.original"]
        heading = IDENTITY.match(original[0] if isinstance(original, list) else original)
        assert heading is not None
        event = ours[heading[3]]
        row, first = event["row"], record_of(event, heading[2], 0)
        comparison.field("auditd.sequence", number, heading[3].partition(":")[2], str(expected["auditd.sequence"]))
        comparison.field("event.outcome", number, succeeded(row, first), SUCCESS.get(expected["event.outcome"]))
        for theirs, mine in (
            ("process.pid", first.get("pid")),
            ("process.executable", first.get("exe")),
            ("process.parent.pid", first.get("ppid")),
            ("process.title", event["records"].get("PROCTITLE", {}).get("proctitle")),
            ("process.working_directory", event["records"].get("CWD", first).get("cwd")),
            ("auditd.session", session_of(row, first)),
            ("source.ip", row.get("src_ip")),
            ("user.audit.id", first.get("auid")),
            ("auditd.data.syscall", event["records"].get("syscall")),
            ("auditd.data.cmd", first.get("cmd")),
            ("auditd.data.acct", first.get("acct")),
            ("auditd.data.op", first.get("op")),
            ("auditd.data.terminal", first.get("terminal")),
            ("auditd.data.hostname", first.get("hostname")),
            ("auditd.data.tty", first.get("tty")),
        ):
            if theirs in expected:
                comparison.field(theirs, number, mine, str(expected[theirs]))
    comparison.check()


def test_dissects_event_is_one_read_of_sshd_config() -> None:
    rows, part = read(Auditd(), sample("dissect-target", "os", "unix", "log", "audit", "audit.log"))
    assert (part.events, part.ignored["continuation"]) == (1, 3)
    [row] = rows
    assert (row["time"], row["activity"], row["file_path"], row["outcome"]) == (
        dt.datetime(2013, 3, 28, 14, 36, 3, 243000),  # noqa: DTZ001
        "read",
        "/etc/ssh/sshd_config",
        "failure",
    )
    assert part.tables["sequence"].to_pylist()[0]["number"] == 24287


def test_atomic_red_teams_steps_are_commands() -> None:
    base = ("otrf-security-datasets", "atomic", "linux")
    rows, _ = read(Auditd(), sample(*base, "defense_evasion", "host", "sh_binary_padding_dd_2020-11-10081941.log"))
    assert [row["command_line"] for row in rows] == ["dd if=/dev/zero bs=1 count=1"]
    rows, _ = read(Auditd(), sample(*base, "discovery", "host", "sh_arp_cache_2020-11-10074812.log"))
    assert next(row["command_line"] for row in rows if row.get("activity") == "launch").startswith("arp")


@pytest.mark.parametrize("name", ["audit-rhel7", "audit-ubuntu1604", "useradd"])
def test_ausearch_sees_the_same_events(name: str) -> None:
    """Debian's ``ausearch --format csv``: an independent reader by the audit log's own authors."""
    ausearch = shutil.which("ausearch", path="/usr/sbin:/sbin:/usr/bin")
    if ausearch is None:
        pytest.skip("ausearch (Debian package auditd) is not installed: this test compares with it")
    path = sample(*f"{FILEBEAT}/{name}.log".split("/"))
    command = [ausearch, "-if", str(path), "--format", "csv"]
    written = subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC"})
    theirs = list(csv.DictReader(io.StringIO(written.stdout)))
    rows, part = read(Auditd(), path)
    ours = {row["line"]: row for row in rows}
    comparison = Comparison(f"ausearch/{name}")
    lines = path.read_text("utf-8").splitlines()
    by_identity = {
        (str(found["number"]), found["time"].strftime("%m/%d/%y %H:%M:%S")): ours[found["line"]]
        for found in part.tables["sequence"].to_pylist()
    }
    for number, event in enumerate(theirs, 1):
        row = by_identity[event["SERIAL_NUM"], f"{event['DATE']} {event['TIME']}"]
        kind = IDENTITY.match(lines[row["line"] - 1])
        assert kind is not None
        all_records = json.loads(row["unmapped"])
        first = record_of({"records": all_records}, kind[2], 0)
        if "SYSCALL" in all_records:
            first = {"res": all_records["SYSCALL"]["success"], **first}
        comparison.field("session", number, session_of(row, first), event["SESSION"] or "unset")
        comparison.field("result", number, succeeded(row, first), SUCCESS.get(event["RESULT"]))
        how = next((record["exe"] for record in all_records.values() if "exe" in record), "")
        comparison.field("how", number, how, event["HOW"])
    comparison.field("events", 0, part.events, len(theirs))
    comparison.check()
