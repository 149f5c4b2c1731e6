"""wtmp, btmp and lastlog: binary records of who logged in."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.evidence.formats.host.lastlog import Lastlog
from kakuho.evidence.formats.host.login_records import LoginRecords

from ...reading import read, recognise
from ...samples import sample

DATA = Path(__file__).resolve().parents[2] / "data" / "host"
DISSECT = ("dissect-target", "os", "unix", "log")


@pytest.mark.parametrize(("name", "records"), [("wtmp/wtmp", 70), ("btmp/btmp", 10), ("btmp/btmp-ipv6", 6)])
def test_dissects_counts(name: str, records: int) -> None:
    _, part = read(LoginRecords(), sample(*DISSECT, *name.split("/")))
    assert (part.events, part.rejects) == (records, [])


def test_dissects_last_login_of_wtmp() -> None:
    rows, _ = read(LoginRecords(), sample(*DISSECT, "wtmp", "wtmp"))
    [row] = [row for row in rows if row["time"].isoformat()[:19] == "2021-11-12T10:12:54" and "activity" in row]
    assert (row["user_name"], row["logon_type"], row["activity"]) == ("traut", ":0", "logon")


def test_dissects_last_failure_of_btmp_is_a_failure() -> None:
    rows, _ = read(LoginRecords(), sample(*DISSECT, "btmp", "btmp"))
    row = rows[-1]
    assert (row["time"].isoformat(), row["user_name"], row["src_ip"], row["outcome"]) == (
        "2021-11-30T23:02:09",
        "root",
        "8.210.13.5",
        "failure",
    )


def test_dissects_addresses_of_ip_version_6() -> None:
    rows, _ = read(LoginRecords(), sample(*DISSECT, "btmp", "btmp-ipv6"))
    assert {row["src_ip"] for row in rows} == {"127.0.0.1", "1337::1", "1337:1::"}


def test_dissects_lastlog() -> None:
    rows, part = read(Lastlog(), sample(*DISSECT, "lastlog", "lastlog"))
    assert [(row["user_name"], row["time"].isoformat(), row["logon_type"]) for row in rows] == [
        ("root", "2021-12-08T16:20:23", "tty1"),
        ("1000", "2022-12-07T16:33:30", "tty1"),
        ("1001", "2021-12-08T16:14:06", "pts/0"),
    ]
    assert part.ignored == {"empty_record": 999}


def test_what_sshd_wrote() -> None:
    rows, _ = read(LoginRecords(), DATA / "btmp")
    assert [row["user_name"] for row in rows] == [
        "sakura", *["root from 203.0.113.9 port 22 ss"] * 2, "田中", "田中"
    ]  # fmt: skip
    assert {(row["outcome"], row["src_ip"]) for row in rows} == {("failure", "127.0.0.1")}
    [row] = read(LoginRecords(), DATA / "wtmp")[0]
    assert (row["user_name"], row["outcome"], row["activity"]) == ("sakura", "success", "logon")


def test_a_record_that_is_cut_off_and_one_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "btmp"
    record = (DATA / "btmp").read_bytes()[:384]
    path.write_bytes(record * 3 + b"\xff" * 384 + bytes(384) + record[:100])
    rows, part = read(LoginRecords(), path)
    assert len(rows) == 3
    assert [(number, reason) for number, _, reason in part.rejects] == [(4, "not_a_login_record"), (6, "line_cut_off")]


def test_other_binaries_are_not_claimed(tmp_path: Path) -> None:
    path = tmp_path / "wtmp"
    path.write_bytes(bytes(range(256)) * 12)
    assert recognise(LoginRecords(), path) is None
    assert recognise(Lastlog(), path) is None
    path.write_bytes(bytes(384 * 4))
    assert recognise(LoginRecords(), path) is None
