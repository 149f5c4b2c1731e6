"""A small MariaDB database with what replay has to understand; every value is a canary."""

from __future__ import annotations

from kakuho.exposure.sql import MYSQL, Schema

CREATE = """
CREATE TABLE holder (id BIGINT PRIMARY KEY, name VARCHAR(40), email VARCHAR(40),
  made TIMESTAMP NOT NULL DEFAULT '2025-01-01 00:00:00', touched TIMESTAMP NOT NULL DEFAULT '2025-01-01 00:00:00');
CREATE TABLE policy (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, holder_id BIGINT, number VARCHAR(40) UNIQUE,
  status VARCHAR(40) COLLATE utf8mb4_bin, KEY (holder_id));
CREATE TABLE visit (id INT PRIMARY KEY, policy_id INT UNSIGNED, day DATE, note TEXT);
CREATE TABLE clinic (id VARCHAR(20) PRIMARY KEY, title VARCHAR(40));
CREATE VIEW contract AS SELECT h.id, h.name, p.number, p.status FROM holder h JOIN policy p ON p.holder_id = h.id;
CREATE VIEW masked AS SELECT id, lower(email) AS email, left(name, 1) AS initial FROM holder WHERE id < 4;
CREATE VIEW latest AS SELECT holder_id AS id, max(number) AS number, count(*) AS policies FROM policy GROUP BY holder_id
"""
ROWS: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "holder": ("id, name, email", [
        (1, "kato~n1", "q1@e1"), (2, "Sato~n2", "K2@e2 "), (3, "abe~n3", "z3@e3"), (4, "10mori~n4", "b4@e4")]),
    "policy": ("id, holder_id, number, status", [
        (1, 1, "PL-1~p", "open~s1"), (2, 1, "PL-2~p", "Shut~s2"), (3, 3, "pl-3~p", "late~s3"),
        (4, None, "PL-4~p", "open~s4")]),
    "visit": ("id, policy_id, day, note", [
        (1, 1, "2024-05-01", "fever~v1"), (2, 3, "2024-06-01", "limp~v2"), (3, 3, "2025-02-01", "cough~v3")]),
    "clinic": ("id, title", [("1", "north~c1"), ("2a", "South~c2"), ("x'3", "\u897f~c3")]),
}  # fmt: skip
"""table → columns, rows in the order of their keys."""
CELLS = {"holder": ("name", "email"), "policy": ("number", "status"), "visit": ("note",), "clinic": ("title",)}
SCHEMA = Schema(
    tables={
        "holder": {"id": "bigint", "name": "varchar(40)", "email": "varchar(40)", "made": "timestamp",
                   "touched": "timestamp"},
        "policy": {"id": "int(10) unsigned", "holder_id": "bigint", "number": "varchar(40)", "status": "varchar(40)"},
        "visit": {"id": "int(11)", "policy_id": "int(10) unsigned", "day": "date", "note": "text"},
        "clinic": {"id": "varchar(20)", "title": "varchar(40)"},
    },
    keys=dict.fromkeys(("holder", "policy", "visit", "clinic"), "id"),
    unique={"policy": frozenset({"number"})},
    links={"policy": frozenset({"holder_id"}), "visit": frozenset({"policy_id"})},
    views={
        "contract": "select `h`.`id` AS `id`,`h`.`name` AS `name`,`p`.`number` AS `number`,`p`.`status` AS `status` "
                    "from (`holder` `h` join `policy` `p` on(`p`.`holder_id` = `h`.`id`))",
        "masked": "select `holder`.`id` AS `id`,lcase(`holder`.`email`) AS `email`,left(`holder`.`name`,1) AS `initial`"
                  " from `holder` where `holder`.`id` < 4",
        "latest": "select `policy`.`holder_id` AS `id`,max(`policy`.`number`) AS `number`,count(0) AS `policies` "
                  "from `policy` group by `policy`.`holder_id`",
    },
    created_at={"holder": "made"},
    changed_at={"holder": "touched"},
    name="shop",
    dialect=MYSQL,
)  # fmt: skip
