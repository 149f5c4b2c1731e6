"""The rule by which records are one person, and its application to a whole snapshot at once.

Rule (DESIGN, "people": primary identifiers must match, secondary ones must not conflict, tertiary may differ; conflicts
are grouped for a person to decide, never merged):

- primary: the name (by its kana reading; by its writing where one record has no reading) and the birth date;
- and one way to reach the person: phone, mail address, or postcode with address;
- secondary: gender and the writing of the name. Matches are joined transitively; where a component then holds two birth
  dates, readings, genders or writings, only records that agree in all four stay together, and all of it is a conflict.

A false merge hides a person from the count and sends one's items to another; a missed one costs a second letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from kakuho.inventory import Inventory
from kakuho.people.components import connect_components
from kakuho.people.records import load_records

PERSONS_SCHEMA = pa.schema(
    [("subject", pa.string()), ("category", pa.string()), ("person_id", pa.string()), ("kind", pa.string())]
)
CONFLICTS_SCHEMA = pa.schema(
    [("conflict_id", pa.string()), ("subject", pa.string()), ("person_id", pa.string()), ("differing", pa.string())]
)


@dataclass(frozen=True)
class Linkage:
    """``persons``: a row a record. ``conflicts``: records that would be one person but for what ``differing`` names."""

    persons: pa.Table
    conflicts: pa.Table


def link_persons(tables: Mapping[str, pa.Table], inventory: Inventory) -> Linkage:
    """Link the records of ``tables`` (collection name → rows). ``person_id`` is the smallest subject of the person."""
    with duckdb.connect() as connection:
        load_records(connection, tables, inventory)
        _match_persons(connection)
        connect_components(connection)
        connection.execute("CREATE TEMP TABLE joined AS SELECT * FROM component")
        _set_conflicts_aside(connection)
        connect_components(connection)
        _match_organisations(connection)
        connection.execute("""
            CREATE TEMP TABLE person AS
            SELECT r.node, coalesce(k.label, o.label, r.node) AS label
            FROM record r LEFT JOIN component k USING (node) LEFT JOIN same_organisation o USING (node)""")
        persons: pa.Table = connection.sql("""
            SELECT r.subject, r.category, s.subject AS person_id, r.kind
            FROM record r JOIN person p USING (node) JOIN record s ON s.node = p.label
            ORDER BY r.node""").to_arrow_table()
        conflicts: pa.Table = connection.sql("""
            SELECT first.subject AS conflict_id, r.subject, s.subject AS person_id, c.differing
            FROM conflicted c JOIN joined j ON j.label = c.label JOIN record r ON r.node = j.node
            JOIN record first ON first.node = c.label
            JOIN person p ON p.node = r.node JOIN record s ON s.node = p.label
            ORDER BY 1, 2""").to_arrow_table()
    return Linkage(persons.cast(PERSONS_SCHEMA), conflicts.cast(CONFLICTS_SCHEMA))


def _match_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Each record that shares name, birth date and a contact with others is joined to one of them, the group's centre.

    Groups by reading centre on their smallest record. Groups by writing exist only for records without a reading and
    centre on the smallest such record, so that two differing readings never meet but through it.
    """
    connection.execute("""
        CREATE TEMP TABLE contact AS
        SELECT node, birth_date, reading, spelling, unnest(contacts) AS contact FROM record
        WHERE kind = 'person' AND birth_date IS NOT NULL AND len(contacts) > 0""")
    connection.execute("""
        CREATE TEMP TABLE edge AS
        SELECT DISTINCT node AS a, centre AS b FROM (
            SELECT c.node, g.centre FROM contact c JOIN (
                SELECT birth_date, reading, contact, min(node) AS centre FROM contact
                WHERE reading IS NOT NULL GROUP BY ALL HAVING count(*) > 1
            ) g USING (birth_date, reading, contact)
            UNION ALL
            SELECT c.node, g.centre FROM contact c JOIN (
                SELECT birth_date, spelling, contact, min(node) AS centre FROM contact
                WHERE reading IS NULL AND spelling IS NOT NULL GROUP BY ALL
            ) g USING (birth_date, spelling, contact)
        ) WHERE node <> centre""")


def _set_conflicts_aside(connection: duckdb.DuckDBPyConnection) -> None:
    """Find components that contradict themselves; keep of their matches only those between agreeing records."""
    connection.execute("""
        CREATE TEMP TABLE conflicted AS
        SELECT label, concat_ws(',',
            CASE WHEN count(DISTINCT birth_date) > 1 THEN 'birth_date' END,
            CASE WHEN count(DISTINCT reading) > 1 THEN 'reading' END,
            CASE WHEN count(DISTINCT gender) > 1 THEN 'gender' END,
            CASE WHEN count(DISTINCT spelling) > 1 THEN 'name' END) AS differing
        FROM joined JOIN record USING (node) GROUP BY label
        HAVING count(DISTINCT birth_date) > 1 OR count(DISTINCT reading) > 1
            OR count(DISTINCT gender) > 1 OR count(DISTINCT spelling) > 1""")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE edge AS
        SELECT a, b FROM edge JOIN joined j ON j.node = a
        WHERE j.label NOT IN (SELECT label FROM conflicted)
        UNION ALL
        SELECT node AS a, min(node) OVER (PARTITION BY label, birth_date, reading, gender, spelling, contact) AS b
        FROM joined JOIN conflicted USING (label) JOIN contact USING (node)
             JOIN (SELECT node, gender FROM record) USING (node)""")


def _match_organisations(connection: duckdb.DuckDBPyConnection) -> None:
    """Organisations are one only where name, postcode and address are equal."""
    connection.execute("""
        CREATE TEMP TABLE same_organisation AS
        SELECT node, min(node) OVER (PARTITION BY spelling, place) AS label FROM record
        WHERE kind = 'organisation' AND spelling IS NOT NULL AND place IS NOT NULL""")
