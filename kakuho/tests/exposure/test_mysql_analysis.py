"""What MySQL statements read, as facts of the analysis alone: no server, no rows."""

from __future__ import annotations

import pytest

from kakuho.exposure.history import History
from kakuho.exposure.history_mysql import mysql_history
from kakuho.exposure.refusal_mysql import is_refusal
from kakuho.exposure.sql import Analysis, Schema, Shapes, analyse, in_lower_case, session_in
from kakuho.exposure.statements import Statement

from .oracle.mysql.database import SCHEMA

CAMEL = in_lower_case(Schema({"Person": {"Id": "bigint(20)", "fullName": "varchar(60)"}}, {"Person": "Id"}))


def _whole(analysis: Analysis) -> set[tuple[str, str]]:
    return {(slot.table, column) for block in analysis.blocks for slot in block.slots for column in slot.in_full}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM holder WHERE id = 1",
        "select NAME from `holder` where ID=1 # comment",
        "SELECT name FROM holder WHERE id = 1 -- ' comment",
        "SELECT /*!50000 name */ FROM /* of */ holder WHERE id /**/ = 1",
        "SELECT SQL_NO_CACHE name FROM shop.holder WHERE id = 1 FOR UPDATE",
        'SELECT name, "x" FROM holder WHERE id = 1',
        "SELECT CONCAT(0x71, IFNULL(CAST(name AS NCHAR), 0x20), 0x71) FROM holder WHERE id = 1",
        "SELECT CONCAT_WS(',', name, 'x') FROM holder WHERE id = 1",
    ],
)
def test_the_value_stands_whole_however_the_statement_is_spelt(text: str) -> None:
    found = analyse(text, SCHEMA)
    assert (found.why, found.everything) == ("", False)
    assert _whole(found) == {("holder", "name")}
    assert all(block.exact and block.source for block in found.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT CONCAT(name, email) FROM holder WHERE id = 1",
        "SELECT GROUP_CONCAT(name) FROM holder WHERE id = 1",
        "SELECT IF(name > 'm', 1, 0) FROM holder WHERE id = 1",
        "SELECT HEX(name), MID(name, 1, 1), name + 0, LEFT(name, 3) FROM holder",
        "SELECT @a := name FROM holder WHERE id = 1",
        "SELECT name || 'x' FROM holder WHERE id = 1",
    ],
)
def test_a_value_that_may_not_stand_whole_is_read_in_part(text: str) -> None:
    found = analyse(text, SCHEMA)
    assert found.why == ""
    assert _whole(found) == set()
    assert ("holder", "name") in {(s.table, c) for b in found.blocks for s in b.slots for c in s.in_part}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM holder WHERE id = 1 || name = 'x'",
        "SELECT name FROM holder WHERE id = 1 /*!99999 OR 1 */",
        "SELECT name FROM holder /*M!100100 WHERE id = 1 */",
        "SELECT name FROM holder INTO OUTFILE '/var/www/x' FIELDS TERMINATED BY ','",
        "SELECT name FROM holder WHERE id = 1 INTO @a",
        "EXPLAIN SELECT name FROM holder WHERE id = 1",
        "INSERT INTO loot (a) SELECT name FROM holder",
        "CREATE TABLE loot AS (SELECT name FROM holder)",
        "DO (SELECT name FROM holder WHERE id = 1)",
    ],
)
def test_rows_that_may_be_others_or_did_not_come_back_are_not_exact(text: str) -> None:
    found = analyse(text, SCHEMA)
    assert not found.everything
    assert "holder" in {slot.table for block in found.blocks for slot in block.slots}
    assert not any(block.exact for block in found.blocks if block.source)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT "name" FROM holder',
        "SELECT name FROM holder WHERE name = 'a\\\\' OR '1'",
        "SELECT name FROM holder WHERE id = 1 XOR id = 2",
        "SELECT name FROM holder WHERE ! id = 1",
        "SELECT name FROM holder WHERE id = x'31'",
        "HANDLER holder READ FIRST",
        "SET @a = (SELECT name FROM holder LIMIT 1)",
        "SELECT h.name FROM holder h NATURAL JOIN policy p",
        "SELECT email AS name FROM holder ORDER BY name LIMIT 1",
        "SELECT name FROM holder WHERE id = 1 /* /* */ */",
    ],
)
def test_what_is_not_surely_understood_widens_to_the_table(text: str) -> None:
    found = analyse(text, SCHEMA)
    assert found.why in ("not_parsed", "not_resolved")
    assert not found.everything
    columns = {c for block in found.blocks for slot in block.slots if slot.table == "holder" for c in slot.in_part}
    assert {"name", "email"} <= columns
    assert not any(block.source for block in found.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "SHOW TABLES", "SHOW FULL COLUMNS FROM holder", "DESCRIBE holder", "SET NAMES utf8mb4", "USE shop", "BEGIN",
        "COMMIT", "LOCK TABLES holder READ", "INSERT INTO holder (id, name) VALUES (9, 'x')", "DROP TABLE loot",
        "SELECT table_name FROM information_schema.tables", "SELECT @@version, DATABASE(), USER()",
        "ANALYZE TABLE holder", "START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */",
    ],
)  # fmt: skip
def test_what_reads_no_row_claims_none(text: str) -> None:
    assert analyse(text, SCHEMA, (), session_in(SCHEMA, [text])) == Analysis()


def test_what_is_prepared_is_read_where_it_is_executed() -> None:
    texts = ["PREPARE p FROM 'SELECT name FROM holder WHERE id = ?'", "EXECUTE p USING @a", "EXECUTE q"]
    session = session_in(SCHEMA, texts)
    assert analyse(texts[0], SCHEMA, (), session) == Analysis()
    found = analyse(texts[1], SCHEMA, (), session)
    assert [(slot.table, slot.in_part) for block in found.blocks for slot in block.slots] == [("holder", {"name"})]
    assert [(block.source, block.exact) for block in found.blocks] == [(None, False)]
    assert analyse(texts[2], SCHEMA, (), session).everything


@pytest.mark.parametrize(
    "setting",
    ["SET sql_mode = 'ANSI'", "SET SESSION sql_select_limit = 1", "SET NAMES latin1", "SET time_zone = 'Asia/Tokyo'"],
)
def test_a_session_with_other_settings_confirms_nothing(setting: str) -> None:
    text = "SELECT name FROM holder WHERE id = 1"
    blocks = analyse(text, SCHEMA, (), session_in(SCHEMA, [setting, text])).blocks
    assert [(block.source, block.exact, block.identity) for block in blocks] == [(None, False, "`holder`.`id` = 1")]
    plain = session_in(SCHEMA, ["SET NAMES utf8mb4", "SET sql_mode='STRICT_TRANS_TABLES'", "USE `SHOP`", text])
    assert analyse(text, SCHEMA, (), plain).blocks[0].exact


def test_in_another_database_the_names_mean_other_tables() -> None:
    text = "SELECT name FROM holder WHERE id = 1"
    assert analyse(text, SCHEMA, (), session_in(SCHEMA, ["USE other", text])).everything
    assert analyse("SELECT name FROM other.holder", SCHEMA).everything


@pytest.mark.parametrize(
    ("databases", "placed"),
    [({"shop"}, True), ({"other"}, False), ({"shop", "other"}, False), ({None}, None), ({"shop", None}, None)],
)
def test_where_a_statement_ran_decides_what_its_names_mean(databases: set[str | None], placed: bool | None) -> None:
    statement = Statement("SELECT 1", logged=True, databases=databases)
    assert statement.placed("shop") is placed
    assert statement.placed(None) is True


def test_names_are_the_inventorys_in_the_end() -> None:
    slot = analyse("SELECT FULLNAME FROM person WHERE ID = 3", CAMEL).blocks[0].slots[0]
    assert (slot.table, slot.in_full) == ("person", {"fullname"})
    assert (CAMEL.as_written(slot).table, CAMEL.as_written(slot).in_full) == ("Person", {"fullName"})


def test_look_ups_of_a_shape_are_analysed_once_with_their_own_literals() -> None:
    shapes = Shapes(SCHEMA)
    for text in ("SELECT name FROM holder WHERE id = 1", "SELECT name FROM holder WHERE name = 'it''s'"):
        assert shapes.analyse(text) == analyse(text, SCHEMA)
    assert shapes.analyse("SELECT name FROM holder WHERE id = 22").blocks[0].condition == "`holder`.`id` = 22"
    assert (
        shapes.analyse("SELECT name FROM holder WHERE name = 'b' 'c'").blocks[0].condition == "`holder`.`name` = 'bc'"
    )


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("INSERT IGNORE INTO `holder` VALUES (1)", False),
        ("UPDATE LOW_PRIORITY policy p JOIN holder h ON 1 SET h.name = 'x'", False),
        ("REPLACE INTO holder VALUES (1)", True),
        ("DELETE h FROM holder h", True),
        ("/*!50000 TRUNCATE */ holder", True),
        ("ALTER TABLE holder DROP name", True),
    ],
)
def test_every_table_that_a_writing_statement_names_may_have_changed(text: str, lost: bool) -> None:
    found = mysql_history(["SELECT 1", text], known=True)
    assert found.may_have_changed("holder")
    assert found.may_have_changed("Holder")
    assert found.may_have_lost_rows("holder") is lost
    assert not found.may_have_changed("clinic")


def test_what_runs_statements_that_are_not_in_the_log_makes_all_uncertain() -> None:
    assert mysql_history(["CALL clean_up()"], known=True) == History(known=False)
    assert mysql_history(["SELECT name FROM holder WHERE id = 1"], known=True) == History(known=True)


def test_an_error_before_a_row_is_read_is_told_by_its_code() -> None:
    assert is_refusal('{"query_id":7,"status_code":"1064"}', "SELECT FROM holder")
    assert not is_refusal(
        '{"query_id":7,"status_code":"1105"}', "SELECT EXTRACTVALUE(1, CONCAT(0x5c, name)) FROM holder"
    )
    assert not is_refusal('{"query_id":7,"status_code":"1064"}', "SELECT name FROM holder; SELEC")
    assert not is_refusal('{"query_id":7}', "SELECT name FROM holder")
