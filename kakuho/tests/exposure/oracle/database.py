"""A small database with what replay has to understand: keys, links, views, partitions, inheritance.

Every value is a canary: it stands nowhere else, so where it appears in an output it left whole.
"""

from __future__ import annotations

from kakuho.exposure.sql import Schema

CREATE = """
CREATE TABLE holder (id bigint PRIMARY KEY, name text, email text,
  made timestamptz DEFAULT '2025-01-01', touched timestamptz DEFAULT '2025-01-01');
CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint REFERENCES holder, number text UNIQUE, status text);
CREATE TABLE visit (id bigint, policy_id bigint, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE visit_old PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visit_new PARTITION OF visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE clinic (id bigint PRIMARY KEY, title text);
CREATE TABLE branch (town text) INHERITS (clinic);
CREATE VIEW contract AS SELECT h.id, h.name, p.number, p.status FROM holder h JOIN policy p ON p.holder_id = h.id;
CREATE VIEW masked AS SELECT id, lower(email) AS email, left(name, 1) AS initial FROM holder WHERE id < 4;
CREATE VIEW latest AS
  SELECT holder_id AS id, max(number) AS number, count(*) AS policies FROM policy GROUP BY holder_id;
CREATE VIEW everyone AS SELECT id, name FROM holder UNION ALL SELECT id, title FROM clinic;
"""
ROWS: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "holder": ("id, name, email", [
        (1, "kato~n1", "q1@e1"), (2, "sato~n2", "k2@e2"), (3, "abe~n3", "z3@e3"), (4, "mori~n4", "b4@e4")]),
    "policy": ("id, holder_id, number, status", [
        (1, 1, "PL-1~p", "open~s1"), (2, 1, "PL-2~p", "shut~s2"), (3, 3, "PL-3~p", "late~s3"),
        (4, None, "PL-4~p", "open~s4")]),
    "visit": ("id, policy_id, day, note", [
        (1, 1, "2024-05-01", "fever~v1"), (2, 3, "2024-06-01", "limp~v2"), (3, 3, "2025-02-01", "cough~v3")]),
    "clinic": ("id, title", [(1, "north~c1"), (2, "south~c2")]),
    "branch": ("id, title, town", [(11, "east~b1", "kobe~t1")]),
}  # fmt: skip
"""table → columns, rows in the order in which they lie."""
CELLS = {"holder": ("name", "email"), "policy": ("number", "status"), "visit": ("note",), "clinic": ("title",),
         "branch": ("title", "town")}  # fmt: skip
"""table → columns that hold a person's value."""
SCHEMA = Schema(
    tables={
        "holder": {"id": "bigint", "name": "text", "email": "text", "made": "timestamptz", "touched": "timestamptz"},
        "policy": {"id": "bigint", "holder_id": "bigint", "number": "text", "status": "text"},
        "visit": {"id": "bigint", "policy_id": "bigint", "day": "date", "note": "text"},
        "visit_old": {"id": "bigint", "policy_id": "bigint", "day": "date", "note": "text"},
        "visit_new": {"id": "bigint", "policy_id": "bigint", "day": "date", "note": "text"},
        "clinic": {"id": "bigint", "title": "text"},
        "branch": {"id": "bigint", "title": "text", "town": "text"},
    },
    keys=dict.fromkeys(("holder", "policy", "visit", "clinic", "branch"), "id"),
    unique={"policy": frozenset({"number"})},
    links={"policy": frozenset({"holder_id"}), "visit": frozenset({"policy_id"})},
    views={
        "contract": "SELECT h.id, h.name, p.number, p.status FROM holder h JOIN policy p ON p.holder_id = h.id",
        "masked": 'SELECT id, lower(email) AS email, "left"(name, 1) AS initial FROM holder WHERE id < 4',
        "latest": "SELECT holder_id AS id, max(number) AS number, count(*) AS policies FROM policy GROUP BY holder_id",
        "everyone": "SELECT holder.id, holder.name FROM holder UNION ALL SELECT clinic.id, clinic.title FROM clinic",
    },
    created_at={"holder": "made"},
    changed_at={"holder": "touched"},
    parents={"visit_old": "visit", "visit_new": "visit", "branch": "clinic"},
)
Cell = tuple[str, str, str]
