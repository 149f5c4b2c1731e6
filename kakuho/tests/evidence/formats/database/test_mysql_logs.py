"""MySQL's and MariaDB's logs, as the real servers write them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from kakuho.errors import UsageError
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.base import SourceFile
from kakuho.evidence.formats.database import mysql_general
from kakuho.evidence.formats.database.mariadb_audit import MariadbAudit
from kakuho.evidence.formats.database.mysql_error import MysqlError
from kakuho.evidence.formats.database.mysql_general import MysqlGeneral
from kakuho.evidence.formats.database.mysql_slow import MysqlSlow
from kakuho.evidence.identification import identify

from ...reading import read, source_file
from ...samples import sample

OWN = Path(__file__).parents[2] / "data" / "mariadb"
READ = "SELECT id \nFROM patient\nWHERE name = '' or 1=1"
INSERTED = "INSERT INTO patient VALUES (1, '藤原 さくら'), (2, 'O\\'Neil, \"二\"')"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("general.log", "mysql_general"),
        ("slow.log", "mysql_slow"),
        ("audit.log", "mariadb_audit"),
        ("error.log", "mysql_error"),
    ],
)
def test_each_log_is_told_by_its_content(name: str, expected: str) -> None:
    assert identify(PlainContent(OWN / name), name).format.name == expected


def test_the_general_log_knows_whose_each_statement_is() -> None:
    events, part = read(MysqlGeneral(), OWN / "general.log", "Asia/Tokyo")
    assert (part.events, part.ignored, part.rejects) == (29, {"header": 6, "continuation": 2}, [])
    ran = [(row["db_user"], row.get("database"), row["statement"]) for row in events if row["kind"] == "statement"]
    assert ("web", "clinic", READ) in ran
    assert ("web", "clinic", INSERTED) in ran
    assert ("root", None, "CREATE DATABASE clinic") in ran
    assert ("web", "clinic", "SELECT name FROM patient WHERE id = 2") in ran, "the Execute of a prepared statement"
    refused = [row["message"] for row in events if row.get("outcome") == "failure"]
    assert refused == ["Access denied for user 'web'@'localhost' (using password: YES)"]
    written = (OWN / "general.log").read_text(encoding="utf-8").split("\n")[3][:15]
    local = dt.datetime.strptime(f"{written} +0900", "%y%m%d %H:%M:%S %z")
    first = local.astimezone(dt.UTC).replace(tzinfo=None)
    assert {row["time"] for row in events if row["line"] < 12} == {first}


def test_the_state_of_connections_travels_from_block_to_block(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = read(MysqlGeneral(), OWN / "general.log", "Asia/Tokyo")
    monkeypatch.setattr("kakuho.evidence.formats.blocks.BLOCK_BYTES", 64)
    small = mysql_general.blocks_cut_before
    from kakuho.evidence.formats import blocks

    monkeypatch.setattr(
        "kakuho.evidence.formats.database.mysql_lines.line_blocks", lambda content: blocks.line_blocks(content, 200)
    )
    source = source_file(OWN / "general.log", Declared("Asia/Tokyo"))
    pieces = list(MysqlGeneral().blocks(source))
    assert small is mysql_general.blocks_cut_before and len(pieces) > 5
    rows = []
    for block in pieces:
        rows += MysqlGeneral().read_block(block, source.declared).tables["datastore_activity"].to_pylist()
    assert [{k: v for k, v in row.items() if v is not None} for row in rows] == whole


def test_iso_times_of_mysql_8_need_no_zone(tmp_path: Path) -> None:
    path = tmp_path / "general.log"
    path.write_text(
        "2024-05-01T10:00:00.123456Z\t    8 Connect\troot@10.0.0.9 on shop using TCP/IP\n"
        "2024-05-01T10:00:01.000001+09:00\t    8 Query\tSELECT 1\n\t-- x\n",
        encoding="utf-8",
    )
    connected, ran = read(MysqlGeneral(), path)[0]
    assert connected["time"] == dt.datetime(2024, 5, 1, 10, 0, 0, 123456)  # noqa: DTZ001
    assert ran["time"] == dt.datetime(2024, 5, 1, 1, 0, 1, 1)  # noqa: DTZ001
    assert (ran["src_ip"], ran["database"], ran["statement"]) == ("10.0.0.9", "shop", "SELECT 1\n\t-- x")


@pytest.mark.parametrize(("known", "name"), [(MysqlGeneral(), "general.log"), (MariadbAudit(), "audit.log")])
def test_times_without_a_zone_need_the_servers(known: MysqlGeneral, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(known, OWN / name)
    assert "--time-zone" in caught.value.remedy


def test_the_slow_log() -> None:
    events, part = read(MysqlSlow(), OWN / "slow.log")
    assert (part.events, part.ignored["header"], part.rejects) == (16, 6, [])
    (found,) = [row for row in events if row["statement"] == READ]
    assert (found["db_user"], found["database"], found["src_ip"], found["rows"]) == ("web", "clinic", "localhost", 2)
    assert found["duration_us"] == 147
    assert found["session_id"] == "5"


def test_the_audit_log_names_the_tables_of_a_query() -> None:
    events, part = read(MariadbAudit(), OWN / "audit.log", "Asia/Tokyo")
    assert (part.events, part.rejects) == (45, [])
    ran = {row["statement"]: row for row in events if row["kind"] == "statement"}
    assert ran[READ]["object"] == "clinic.patient"
    assert ran[INSERTED]["object"].split(",")[0] == "clinic.patient"
    assert ran["UPDATE patient SET name = 'x\\\\y' WHERE id = 1"]["command"] == "UPDATE"
    assert ran["SELECT nothing FROM patient"]["outcome"] == "failure"
    assert ran["SELECT nothing FROM patient"]["unmapped"] == '{"query_id":14,"status_code":"1054"}'
    assert [row["outcome"] for row in events if row.get("command") == "FAILED_CONNECT"] == ["failure"]


def test_the_three_logs_of_one_server_hold_the_same_statements() -> None:
    general, _ = read(MysqlGeneral(), OWN / "general.log", "Asia/Tokyo")
    audit, _ = read(MariadbAudit(), OWN / "audit.log", "Asia/Tokyo")
    slow, _ = read(MysqlSlow(), OWN / "slow.log")
    ran, audited, slowly = (
        {row["statement"] for row in events if row["kind"] == "statement"} for events in (general, audit, slow)
    )
    assert {one for one in audited if "*****" not in one} - ran == set()
    assert {one for one in slowly if "IDENTIFIED" not in one} - ran == set()


@pytest.mark.parametrize("name", ["server_audit", "server_audit_query_id", "thread_pool_server_audit"])
def test_the_records_of_mariadbs_own_tests(tmp_path: Path, name: str) -> None:
    text = sample("mariadb-server-audit", f"{name}.result").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if re.match(r"(?:TIME|TIMESTAMP),HOSTNAME,", line)]
    unmasked = [re.sub(r"^TIME(?:STAMP)?,", "20250319 09:00:01,", line) for line in lines]
    unmasked = [re.sub(r",ID,(?=ID,|\d)", ",1,", line) for line in unmasked]
    unmasked = [re.sub(r",(?:ID|QUERY_ID),", ",1,", line) for line in unmasked]
    unmasked = [re.sub(r",ID$", ",1064", line) for line in unmasked]
    path = tmp_path / "audit.log"
    path.write_text("".join(line + "\n" for line in unmasked), encoding="utf-8")
    events, part = read(MariadbAudit(), path, "UTC")
    assert (part.rejects, part.events) == ([], len(lines))
    statements = [row["statement"] for row in events if row["kind"] == "statement" and "statement" in row]
    session = re.sub(r"\s+", " ", text)
    known = sum(re.sub(r"\s+", " ", one) in session for one in statements)
    assert known > 0.7 * len(statements), "they stand in the session above their records"


def test_the_error_log() -> None:
    events, part = read(MysqlError(), OWN / "error.log", "Asia/Tokyo")
    assert (part.events, part.rejects) == (29, [])
    denied = [(row["user_name"], row["src_ip"], row["severity"]) for row in events if "user_name" in row]
    assert denied in ([], [("web", "localhost", "WARNING")])


def test_text_that_is_not_utf8_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "general.log"
    path.write_bytes("2024-05-01T10:00:00Z\t8 Query\tSELECT '氏名'\n".encode("cp932"))
    (event,), part = read(MysqlGeneral(), path)
    assert event["statement"] == "SELECT '\\x8e\\x81\\x96\\xbc'" and part.facts == {"lines_not_utf8": 1}
    (event,), part = read(MysqlGeneral(), path, declared=Declared(encoding="cp932"))
    assert event["statement"] == "SELECT '氏名'" and part.facts == {}
    assert isinstance(source_file(path), SourceFile)
