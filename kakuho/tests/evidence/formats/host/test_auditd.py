"""The audit log: the records of one event are one event, decoded, wherever they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host.audit_addresses import SocketAddress, socket_address
from kakuho.evidence.formats.host.audit_blocks import audit_blocks
from kakuho.evidence.formats.host.audit_records import fields_of
from kakuho.evidence.formats.host.auditd import Auditd

from ...reading import read, recognise

SYSCALL = (
    "arch=c000003e syscall={call} success={success} exit={exit} a0=ffffff9c a1=7ffc a2={flags} a3=0 items=2 ppid=700 "
    'pid=701 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="{comm}" '
    'exe="/usr/bin/{comm}" key="{key}"'
)


def syscall(
    call: int, *, comm: str = "cat", success: str = "yes", exit_code: int = 0, flags: str = "0", key: str = "k"
) -> str:
    """The body of a SYSCALL record."""
    return SYSCALL.format(call=call, comm=comm, success=success, exit=exit_code, flags=flags, key=key)


def line(serial: int, kind: str, body: str, node: str = "") -> str:
    """A record at 2025-03-19 00:00:01.123 UTC."""
    return f"{f'node={node} ' if node else ''}type={kind} msg=audit(1742342401.123:{serial}): {body}\n"


def events(tmp_path: Path, text: str, declared: Declared | None = None) -> list[dict[str, Any]]:
    """The rows of a log; ``unmapped`` unpacked."""
    path = tmp_path / "audit.log"
    path.write_text(text, "utf-8")
    rows, part = read(Auditd(), path, declared=declared or Declared())
    assert not part.rejects
    return [row | {"unmapped": json.loads(row["unmapped"])} for row in rows]


def test_records_of_two_events_that_interleave_are_two_events(tmp_path: Path) -> None:
    text = (
        line(1, "SYSCALL", syscall(59, comm="curl"))
        + line(2, "SYSCALL", syscall(257))
        + line(1, "EXECVE", 'argc=3 a0="curl" a1="-d" a2=40E99B91E8AA8C')
        + line(2, "CWD", 'cwd="/srv/data"')
        + line(2, "PATH", 'item=0 name="/srv/data" nametype=PARENT')
        + line(2, "PATH", 'item=1 name="customers.csv" nametype=NORMAL')
        + line(1, "PROCTITLE", "proctitle=6375726C002D64")
        + line(2, "EOE", "")
    )
    first, second = events(tmp_path, text)
    assert first["time"].isoformat() == "2025-03-19T00:00:01.123000"
    assert (first["line"], first["activity"], first["command_line"]) == (1, "launch", "curl -d @雑誌")
    assert first["unmapped"]["PROCTITLE"] == {"proctitle": "curl -d"}
    assert (second["line"], second["activity"], second["file_path"]) == (2, "read", "/srv/data/customers.csv")
    assert (second["user_name"], second["session_id"], second["pid"]) == ("root", "3", 701)


def test_the_same_serial_on_two_nodes_is_two_events(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_text(line(7, "USER_END", "pid=1 res=1", "web1") + line(7, "USER_END", "pid=1 res=1", "web2"))
    rows, part = read(Auditd(), path)
    assert [row["host"] for row in rows] == ["web1", "web2"]
    assert [(row["stream"], row["number"]) for row in part.tables["sequence"].to_pylist()] == [("web1", 7), ("web2", 7)]


def test_an_argument_cut_in_pieces_is_whole_again(tmp_path: Path) -> None:
    text = line(1, "SYSCALL", syscall(59)) + line(1, "EXECVE", 'argc=3 a0="sh" a1="-c" a2_len=8 a2[0]="curl"')
    text += line(1, "EXECVE", 'a2[1]=202D643D31 a2[10]="!"')
    [event] = events(tmp_path, text)
    assert event["command_line"] == "sh -c curl -d=1!"
    assert event["unmapped"]["EXECVE"] == {"argc": "3", "args": ["sh", "-c", "curl -d=1!"]}


@pytest.mark.parametrize(
    ("call", "nametype", "flags", "activity"),
    [
        (257, "CREATE", "241", "create"),
        (257, "NORMAL", "241", "update"),
        (257, "NORMAL", "80000", "read"),
        (87, "DELETE", "0", "delete"),
        (82, "DELETE", "0", "rename"),
        (90, "NORMAL", "0", "set_attributes"),
        (260, "NORMAL", "0", "set_security"),
    ],
)
def test_what_was_done_to_a_file(call: int, nametype: str, flags: str, activity: str, tmp_path: Path) -> None:
    text = line(1, "SYSCALL", syscall(call, flags=flags)) + line(1, "PATH", f'item=0 name="/etc/x" nametype={nametype}')
    [event] = events(tmp_path, text)
    assert (event["activity"], event["file_path"], event["outcome"]) == (activity, "/etc/x", "success")


def test_an_enriched_record_names_its_user(tmp_path: Path) -> None:
    names = '\x1dARCH=x86_64 SYSCALL=execve AUID="hanako" UID="www-data" EUID="www-data"'
    [event] = events(tmp_path, line(1, "SYSCALL", syscall(59, comm="id") + names))
    assert (event["user_name"], event["unmapped"]["SYSCALL"]["AUID"]) == ("www-data", "hanako")
    assert event["unmapped"]["syscall"] == "execve"


def test_a_connection_that_does_not_block_is_neither_success_nor_failure(tmp_path: Path) -> None:
    text = line(1, "SYSCALL", syscall(42, success="no", exit_code=-115))
    text += line(1, "SOCKADDR", "saddr=020001BBCB0071090000000000000000")
    [event] = events(tmp_path, text)
    assert (event["activity"], event["dst_ip"], event["dst_port"]) == ("open", "203.0.113.9", 443)
    assert "outcome" not in event


@pytest.mark.parametrize(
    ("saddr", "address"),
    [
        ("0200D1700A00000200000000", SocketAddress("10.0.0.2", 53616)),
        (
            "0A00005000000000" + "20010DB8000000000000000000000001" + "00000000",
            SocketAddress("2001:db8::1", 80),
        ),
        ("01002F6465762F6C6F6700", SocketAddress(path="/dev/log")),
        ("100000000000000000000000", None),
        ("0200", None),
        ("02", None),
        ("xyz", None),
    ],
)
def test_socket_addresses(saddr: str, address: SocketAddress | None) -> None:
    assert socket_address(saddr) == address


def test_a_failed_login_and_who_knocked(tmp_path: Path) -> None:
    body = (
        'pid=374 uid=0 auid=4294967295 ses=4294967295 msg=\'op=login acct=E794B0E4B8AD exe="/usr/sbin/sshd" '
        "hostname=? addr=203.0.113.9 terminal=ssh res=failed'"
    )
    [event] = events(tmp_path, line(1, "USER_LOGIN", body))
    assert {key: event[key] for key in ("activity", "outcome", "user_name", "src_ip", "service", "logon_type")} == {
        "activity": "logon",
        "outcome": "failure",
        "user_name": "田中",
        "src_ip": "203.0.113.9",
        "service": "sshd",
        "logon_type": "ssh",
    }
    assert "session_id" not in event


def test_a_session_is_opened_by_a_system_call(tmp_path: Path) -> None:
    text = line(1, "LOGIN", "pid=9 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=58 res=1")
    text += line(1, "SYSCALL", syscall(1, comm="sshd")) + line(1, "PROCTITLE", 'proctitle="sshd: hanako"')
    login, call = sorted(events(tmp_path, text), key=lambda event: event["activity"])
    assert (login["activity"], login["outcome"], login["user_name"], login["session_id"]) == (
        "logon",
        "success",
        "1000",
        "58",
    )
    assert (call["activity"], call["process_path"]) == ("other", "/usr/bin/sshd")


def test_what_sudo_ran(tmp_path: Path) -> None:
    body = (
        'pid=9 uid=1000 auid=1000 ses=3 msg=\'cwd="/home/hanako" '
        'cmd=636174202F6574632F736861646F77 exe="/usr/bin/sudo" terminal=pts/0 res=success\''
    )
    [event] = events(tmp_path, line(1, "USER_CMD", body))
    assert (event["activity"], event["command_line"], event["user_name"]) == ("launch", "cat /etc/shadow", "1000")


def test_a_denial_is_an_event_beside_what_was_denied(tmp_path: Path) -> None:
    text = line(1, "AVC", 'avc:  denied  { read } for  pid=7 comm="nginx" name="shadow" scontext=a tcontext=b tclass=c')
    text += line(1, "SYSCALL", syscall(257, success="no", exit_code=-13))
    text += line(1, "PATH", 'item=0 name="/etc/shadow" nametype=NORMAL')
    found = events(tmp_path, text)
    assert sorted((event.get("event_code"), event.get("file_path")) for event in found if "event_code" in event) == [
        ("AVC", None)
    ]
    assert [event["outcome"] for event in found if "file_path" in event] == ["failure"]
    assert found[0]["unmapped"]["AVC"]["seperms"] == "read"


def test_file_names_in_the_declared_encoding(tmp_path: Path) -> None:
    name = "顧客名簿.csv".encode("cp932").hex().upper()
    text = line(1, "SYSCALL", syscall(257)) + line(1, "PATH", f"item=0 name={name} nametype=NORMAL")
    [event] = events(tmp_path, text, Declared(encoding="cp932"))
    assert event["file_path"] == "顧客名簿.csv"
    [event] = events(tmp_path, text)
    assert event["file_path"].startswith("\\x8c")


def test_a_key_that_is_no_argument_is_none(tmp_path: Path) -> None:
    [event] = events(tmp_path, line(1, "EXECVE", 'argc=1 a0="id" a9x="no" a1_len=4 a99999999999999999999="no"'))
    assert event["command_line"] == "id"


def test_a_number_that_looks_like_hexadecimal_is_none() -> None:
    assert fields_of("CONFIG_CHANGE", "audit_backlog_limit=8192 old=64 res=1", None)["old"] == "64"


def test_the_group_of_an_account_does_not_hide_the_actor() -> None:
    fields = fields_of("ADD_USER", "pid=1 uid=0 msg='op=adding user id=5 uid=1004 res=success'", None)
    assert (fields["uid"], fields["msg_uid"], fields["op"]) == ("0", "1004", "adding user")


def test_types_newer_than_the_daemon_are_known_by_number(tmp_path: Path) -> None:
    text = line(1, "UNKNOWN[1327]", "proctitle=6964") + line(2, "UNKNOWN[1334]", "prog-id=9 op=LOAD")
    first, second = events(tmp_path, text)
    assert (first["event_code"], first["unmapped"]) == ("PROCTITLE", {"PROCTITLE": {"proctitle": "id"}})
    assert (second["event_code"], second["unmapped"]) == (
        "UNKNOWN[1334]",
        {"UNKNOWN[1334]": {"prog-id": "9", "op": "LOAD"}},
    )


def test_what_is_no_record_is_rejected_and_a_last_line_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_text("hello\n\n" + line(1, "USER_END", "res=1") + "type=USER_END msg=aud")
    rows, part = read(Auditd(), path)
    assert [row["line"] for row in rows] == [3]
    assert [(number, reason) for number, _, reason in part.rejects] == [(1, "not_an_audit_record"), (4, "line_cut_off")]
    assert part.ignored == {"blank": 1}
    found = recognise(Auditd(), path)
    assert found is not None and found.confidence == pytest.approx(1 / 3)


def interleaved(count: int) -> str:
    """``count`` events of three records each; the last record of each stands two events further down."""
    lines = []
    for serial in range(count + 2):
        if serial < count:
            lines += [line(serial, "SYSCALL", syscall(257)), line(serial, "CWD", 'cwd="/"')]
        if serial >= 2:
            lines.append(line(serial - 2, "PATH", f'item=0 name="/{serial - 2}" nametype=NORMAL'))
    return "".join(lines)


@given(block_bytes=st.integers(2_000, 80_000))
@settings(max_examples=20)
def test_no_block_holds_half_an_event(block_bytes: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "interleaved.log"
    if not path.exists():
        path.write_text(interleaved(300))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kakuho.evidence.formats.host.audit_blocks.LOOK_AHEAD", 10)
        blocks = list(audit_blocks(PlainContent(path), block_bytes))
    assert b"".join(block.data for block in blocks) == path.read_bytes()
    parts = [Auditd().read_block(block, Declared()) for block in blocks]
    rows = [row for part in parts for row in part.tables["file_activity"].to_pylist()]
    assert [row["file_path"] for row in rows] == [f"/{serial}" for serial in range(300)]
    assert sum(part.ignored["continuation"] for part in parts) == 600


def test_blocks_know_where_they_begin(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_text(interleaved(900))
    blocks = list(audit_blocks(PlainContent(path), 100_000))
    assert len(blocks) == 2
    whole = LineBlock(path.read_bytes(), 0, 1)
    for block in blocks:
        assert int(whole.starts[block.first_line - 1]) == block.byte_offset
