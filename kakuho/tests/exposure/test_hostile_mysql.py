"""The intruder's MySQL statements as an attack on the analyst who replays them, and a dump that is itself one.

Each statement goes the whole way: analysis, then the restored dump in a real MariaDB. Evidence that nothing was done:
the database's content, users, variables and running statements, the files that the statements name, and a listener on
127.0.0.1 that nobody calls.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pymysql
import pytest

from kakuho.engine.mariadb_answers import MariadbAnswers
from kakuho.engine.mariadb_sandbox import MariadbSandbox
from kakuho.exposure.claims import Claims
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay import replay_claims
from kakuho.exposure.sql import MYSQL, Schema
from kakuho.exposure.statements import EventReference, Statement
from kakuho.inventory import load_inventory

pytestmark = pytest.mark.needs_mariadb

TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake
INVENTORY = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
ROWS = 3000
_VALUES = ",".join(f"({n},'name {n}','female','e{n}')" for n in range(1, ROWS + 1))
DUMP = r"""/*M!999999\- enable the sandbox mode */
-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: shop
-- ------------------------------------------------------
-- Server version	10.11.6-MariaDB
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
\! touch {place}/shell
system touch {place}/system
SET GLOBAL general_log_file = '{place}/general', GLOBAL general_log = 1;
INSTALL SONAME 'ha_connect';
CREATE FUNCTION sys_exec RETURNS INTEGER SONAME 'udf.so';
CREATE USER intruder@localhost;
GRANT ALL ON *.* TO kakuho_replay@localhost;
SELECT 'x' INTO OUTFILE '{place}/outfile';
CREATE TABLE `holder` (`id` bigint PRIMARY KEY, `name` varchar(99), `gender` varchar(9), `email` varchar(99));
CREATE TABLE `policy` (`id` bigint PRIMARY KEY, `holder_id` bigint, `policy_number` varchar(99));
CREATE TABLE `bank` (`id` bigint PRIMARY KEY, `holder_id` bigint, `clinic_id` bigint, `number` varchar(99));
CREATE TABLE `clinic` (`id` bigint PRIMARY KEY, `name` varchar(99)) DATA DIRECTORY='{place}';
CREATE TABLE `trace` (`what` varchar(99)) ENGINE=CSV;
CREATE TABLE `far` (`what` varchar(99)) ENGINE=FEDERATED CONNECTION='mysql://x@127.0.0.1:{port}/x/x';
INSERT INTO `holder` VALUES {values};
INSERT INTO `policy` SELECT `id`, `id`, concat('PL-', `id`) FROM `holder`;
INSERT INTO `trace` VALUES ('a'),('b; DROP TABLE `holder`;'),(load_file('/etc/passwd'));
DELIMITER ;;
CREATE DEFINER=`root`@`localhost` FUNCTION `grab`(v text) RETURNS text
BEGIN INSERT INTO trace VALUES (v); RETURN v; END ;;
CREATE TRIGGER `t` AFTER INSERT ON `holder` FOR EACH ROW INSERT INTO trace VALUES ('trigger') ;;
DELIMITER ;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `trap` AS select `holder`.`id` AS `id`,`grab`(`holder`.`name`) AS `name` from `holder` */;
-- Dump completed on 2025-04-30  1:02:03
"""
SCHEMA = Schema(
    tables={
        "holder": {"id": "bigint(20)", "name": "varchar(99)", "gender": "varchar(9)", "email": "varchar(99)"},
        "policy": {"id": "bigint(20)", "holder_id": "bigint(20)", "policy_number": "varchar(99)"},
        "bank": dict.fromkeys(("id", "holder_id", "clinic_id", "number"), "varchar(99)"),
        "clinic": {"id": "bigint(20)", "name": "varchar(99)"},
        "trace": {"what": "varchar(99)"},
        "far": {"what": "varchar(99)"},
    },
    keys=dict.fromkeys(("holder", "policy", "bank", "clinic"), "id"),
    functions=frozenset({"grab"}),
    views={"trap": "select `holder`.`id` AS `id`,`grab`(`holder`.`name`) AS `name` from `holder`"},
    unclassified=frozenset({"trace", "far"}),
    name="shop",
    dialect=MYSQL,
)
_STATE = (
    "SELECT User, Host FROM mysql.global_priv ORDER BY 1, 2",
    "SELECT * FROM mysql.db ORDER BY User",
    "SELECT * FROM mysql.plugin",
    "SELECT * FROM mysql.func",
    "SELECT variable_name, variable_value FROM information_schema.global_variables WHERE variable_name IN"
    " ('general_log', 'general_log_file', 'local_infile', 'secure_file_priv', 'event_scheduler', 'read_only',"
    " 'skip_networking', 'max_statement_time', 'sql_mode', 'log_bin') ORDER BY 1",
    "SHOW DATABASES",
    "SELECT table_name, table_rows IS NULL FROM information_schema.tables WHERE table_schema = 'snapshot' ORDER BY 1",
)


@dataclass
class Attack:
    """``place``: a folder that anybody may write to; ``listener``: a port that listens."""

    sandbox: MariadbSandbox
    answers: MariadbAnswers
    place: Path
    listener: socket.socket

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def state(self) -> tuple[object, ...]:
        """Everything that an attack could have changed."""
        with self.sandbox.server.connect("snapshot") as connection, connection.cursor() as cursor:
            found: list[object] = []
            for query in (*_STATE, f"CHECKSUM TABLE {', '.join(SCHEMA.tables)}"):
                cursor.execute(query)
                found.append(cursor.fetchall())
        return (*found, sorted(path.name for path in self.place.iterdir()))

    def was_called(self) -> bool:
        try:
            self.listener.accept()
        except BlockingIOError:
            return False
        return True

    def replay(self, *texts: str) -> Claims:
        statements = []
        for line, text in enumerate(texts, 1):
            statement = Statement(text=text, logged=True, succeeded=True, databases={"shop"})
            statement.note(EventReference(1, line, 0), TIME, TIME)
            statements.append(statement)
        owners = ibis.memtable(pa.table({name: pa.array([], pa.string()) for name in ("collection", "key", "subject")}))
        return replay_claims(statements, self.answers, SCHEMA, History(known=True), INVENTORY, owners, _tables())


@pytest.fixture(scope="module")
def attack() -> Iterator[Attack]:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:  # the server's user may not enter pytest's own
        root = Path(folder)
        place = root / "writable"
        place.mkdir()
        place.chmod(0o777)
        root.chmod(0o755)
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)
        text = DUMP.replace("{place}", str(place)).replace("{values}", _VALUES)
        (root / "shop.sql").write_text(text.replace("{port}", str(listener.getsockname()[1])), encoding="utf-8")
        with MariadbSandbox(root / "shop.sql", root / "cache") as sandbox, listener:
            yield Attack(sandbox, sandbox.answers(1.5), place, listener)


def test_a_hostile_dump_makes_tables_and_nothing_else(attack: Attack) -> None:
    assert sorted(attack.sandbox.schema()) == ["bank", "clinic", "far", "holder", "policy", "trace"]
    assert attack.sandbox.catalogue().functions == {"grab", "sys_exec"}
    assert attack.sandbox.views() == SCHEMA.views
    assert attack.answers.rows("SELECT what FROM trace ORDER BY what") == [
        (None,),
        ("a",),
        ("b; DROP TABLE `holder`;",),
    ]
    assert attack.answers.rows("SELECT COUNT(*) FROM holder") == [(ROWS,)]
    state = attack.state()
    assert {row[0] for row in state[0]} == {"kakuho_replay", "mariadb.sys", "root"}  # type: ignore[attr-defined]
    assert state[2] == ()
    assert state[3] == ()
    assert dict(state[4])["GENERAL_LOG"] == "OFF"  # type: ignore[call-overload]
    assert state[-1] == []
    assert not attack.was_called()


WIDENS_TO_EVERYTHING = [
    "SELECT LOAD_FILE('/etc/passwd')",
    "SELECT name FROM holder WHERE LOAD_FILE('/etc/passwd') LIKE 'r%'",
    "SELECT name FROM holder WHERE load_file /* */ ('/etc/passwd') > ''",
    "SELECT grab(name) FROM holder",
    "SELECT `grab`(name) FROM holder",
    "SELECT shop.grab(name) FROM holder",
    "SELECT name FROM trap",
    "SELECT sys_exec('touch {place}/udf')",
    "CALL grab('x')",
    "EXECUTE unknown_to_the_log",
    "EXECUTE IMMEDIATE 'DROP TABLE holder'",
    "SET @q = 'DELETE FROM holder'; PREPARE p FROM @q; EXECUTE p",
    "BEGIN NOT ATOMIC DELETE FROM holder; SELECT name FROM holder; END",
    "CREATE FUNCTION f() RETURNS INT RETURN (SELECT COUNT(*) FROM holder)",
    "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO DELETE FROM holder",
    "CREATE FUNCTION sys_eval RETURNS STRING SONAME 'lib_mysqludf_sys.so'",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE trace",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE trace",
    "SELECT what FROM trace",
    "SELECT what FROM far",
    "SELECT NEXTVAL(s)",
    "SELECT * FROM information_schema.processlist",
    "SELECT * FROM performance_schema.events_statements_history",
    "SELECT * FROM mysql.general_log",
    "SHOW PROCESSLIST",
    "SHOW BINLOG EVENTS",
    "SELECT name FROM other.holder",
]
NOTHING_DONE = [
    "SELECT name FROM holder; DROP TABLE holder",
    "SELECT name FROM holder; DELETE FROM holder; COMMIT; UPDATE policy SET policy_number = 'x'",
    "SELECT name FROM holder /*!50000 ; DROP TABLE holder */",
    "SELECT name FROM holder /*!99999 ; DROP TABLE holder */",
    "SELECT name FROM holder WHERE id = 1); DROP TABLE holder; -- ",
    "SELECT name FROM holder INTO OUTFILE '{place}/file'",
    "SELECT name INTO DUMPFILE '{place}/dump' FROM holder LIMIT 1",
    "SELECT name FROM holder INTO @a",
    "SELECT @a := name FROM holder",
    "CREATE TABLE copied AS SELECT name FROM holder",
    "INSERT INTO policy SELECT id, id, name FROM holder",
    "REPLACE INTO policy SELECT id, id, name FROM holder",
    "UPDATE holder SET name = 'x' WHERE id = 1",
    "DELETE FROM holder WHERE id = 1 RETURNING email",
    "SELECT name FROM holder FOR UPDATE",
    "LOCK TABLES holder WRITE",
    "HANDLER holder OPEN; HANDLER holder READ FIRST",
    "SET GLOBAL general_log_file = '{place}/log', GLOBAL general_log = 1; SELECT name FROM holder",
    "SET GLOBAL read_only = 0; SELECT name FROM holder",
    "TRUNCATE holder",
    "GRANT ALL ON *.* TO kakuho_replay@localhost",
    "INSTALL SONAME 'ha_connect'; SELECT name FROM holder",
    "SELECT GET_LOCK('x', 1000), name FROM holder WHERE GET_LOCK('y', 1000)",
    "SELECT name FROM holder WHERE name = '\udcff\udcfe'",
    "SELECT name FROM holder -- \u202e \U0001f600 ' /* unclosed",
    "SELECT name FROM holder\x00; DROP TABLE holder",
    "SELECT name FROM holder WHERE name = '\\'; DROP TABLE holder; -- '",
]
TAKES_LONG = [
    "SELECT name FROM holder WHERE SLEEP(1000000000) = 0",
    "SELECT name, SLEEP(1000000000) FROM holder WHERE SLEEP(1)",
    "SELECT name FROM holder WHERE BENCHMARK(10000000000, MD5(name))",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT h.name FROM t, holder h",
    "SELECT a.name FROM holder a, holder b, holder c WHERE CONCAT(a.name, b.name, c.name) > 'm'",
    "SELECT a.name FROM holder a, holder b, holder c ORDER BY b.email, c.email, a.name LIMIT 20, 5",
    "SELECT name FROM holder WHERE (SELECT COUNT(*) FROM holder a, holder b, holder c) > 5",
    "SELECT t.s FROM (SELECT GROUP_CONCAT(a.name, b.name) AS s FROM holder a, holder b, holder c) t WHERE s > 'a'",
    "SELECT name FROM holder WHERE REPEAT(name, 500000000) > 'x'",
    "SELECT name FROM holder WHERE name REGEXP '(a*)*(a*)*(a*)*(a*)*b'",
]


@pytest.mark.parametrize("text", WIDENS_TO_EVERYTHING)
def test_what_reaches_beyond_tables_is_not_run_and_widens_to_everything(attack: Attack, text: str) -> None:
    before = attack.state()
    claims = attack.replay(text.format(place=attack.place, port=attack.port))
    assert "replay_everything" in claims.sets["reason_id"].to_pylist()
    assert {("holder", "name"), ("holder", "email"), ("clinic", "name")} <= _wide(claims)
    assert attack.state() == before
    assert not attack.was_called()


@pytest.mark.parametrize("text", NOTHING_DONE)
def test_what_would_write_is_not_run(attack: Attack, text: str) -> None:
    before = attack.state()
    attack.replay(text.replace("{place}", str(attack.place)))
    assert attack.state() == before


@pytest.mark.parametrize("text", TAKES_LONG)
def test_what_takes_long_is_broken_off_and_widens(attack: Attack, text: str) -> None:
    before = attack.state()
    start, memory = time.monotonic(), _resident()
    claims = attack.replay(text)
    assert time.monotonic() - start < 60
    assert _resident() - memory < 300 << 20
    assert ("holder", "name") in _wide(claims) | ({("holder", "name")} if claims.events.num_rows else set())
    assert attack.state() == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 5000 + "name" + ")" * 5000 + " FROM holder",
        "SELECT name FROM holder WHERE " + "NOT " * 5000 + "true",
        "SELECT name FROM holder WHERE " + " OR ".join(f"id = {n}" for n in range(5000)),
        "SELECT name FROM " + "(SELECT name FROM " * 300 + "holder" + ") x" * 300,
        "SELECT name FROM holder WHERE id IN (" + ",".join(map(str, range(1_500_000))) + ")",
        "/*!" * 5000 + "SELECT name FROM holder" + "*/" * 5000,
        "SELECT name FROM holder WHERE " + "- " * 20000 + "id > 0",
    ],
    ids=["parentheses", "not", "or", "derived", "10MB", "conditional comments", "minus"],
)
def test_what_is_made_to_break_the_parser_widens(attack: Attack, text: str) -> None:
    start = time.monotonic()
    claims = attack.replay(text)
    assert time.monotonic() - start < 60
    assert ("holder", "name") in _wide(claims) | ({("holder", "name")} if claims.events.num_rows else set())


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("DELETE FROM holder", "read-only"),
        ("SELECT LOAD_FILE('/etc/passwd') IS NULL", None),
        ("SELECT 1 INTO OUTFILE '/tmp/kakuho'", "denied"),
        ("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE trace", "read-only"),
        ("SET GLOBAL general_log = 1", "denied"),
        ("CREATE TABLE x (a int)", "read-only"),
        ("CREATE TEMPORARY TABLE x (a int)", "denied"),
        ("INSTALL SONAME 'ha_connect'", "denied"),
        ("SELECT * FROM mysql.global_priv", "denied"),
        ("KILL 1", "Unknown thread|not owner|denied"),
        ("SELECT 1; DELETE FROM holder", "error in your SQL syntax"),
        ("SHUTDOWN", "denied"),
    ],
)
def test_even_run_by_hand_the_sandbox_refuses(attack: Attack, text: str, refusal: str | None) -> None:
    before = attack.state()
    with attack.sandbox.connect() as connection, connection.cursor() as cursor:
        if refusal is None:
            cursor.execute(text)
            assert cursor.fetchall() == ((1,),)
        else:
            with pytest.raises(pymysql.Error, match=refusal):
                cursor.execute(text)
    assert attack.state() == before


def test_the_server_listens_to_no_port_and_runs_as_another_user_than_root(attack: Attack) -> None:
    process = attack.sandbox.server.process_id
    inodes = {str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()}
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    sockets = {f"socket:[{line.split()[9]}]" for line in listening.splitlines() if line.split()[3] == "0A"}
    assert not inodes & sockets
    assert Path(f"/proc/{process}").stat().st_uid != 0


def _tables() -> dict[str, ir.Table]:
    """The inventory's, without rows: whose they are does not matter here."""
    return {
        name: ibis.memtable(pa.table({column: pa.array([], pa.string()) for column in columns}))
        for name, columns in SCHEMA.tables.items()
    }


def _wide(claims: Claims) -> set[tuple[str, str]]:
    return {(row["collection"], row["item"]) for row in claims.sets.to_pylist()}


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
