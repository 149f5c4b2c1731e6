"""Every number that a document may print, each with a stable id, counted from one assessment's verdicts.

``affected`` is confirmed or possible. Records (件数) and persons (実人数) are counted apart; organisations are not
persons.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from kakuho.exposure.verdict_sets import cells_of
from kakuho.inventory import Inventory

_LEVELS = ("affected", "confirmed", "possible", "total")
_WORDS = {
    "affected": ("漏えいが確認されたか可能性を否定できない", "confirmed or possible"),
    "confirmed": ("一つ以上の項目の漏えいが確認された", "at least one item confirmed"),
    "possible": ("確認された項目はないが可能性を否定できない", "none confirmed, at least one possible"),
    "total": ("スナップショットにある", "held in the snapshot"),
}
_ITEM_WORDS = {
    "affected": ("漏えいが確認されたか可能性を否定できない", "confirmed or possible"),
    "confirmed": ("漏えいが確認された", "confirmed"),
    "possible": ("可能性を否定できない", "possible"),
    "protected": ("暗号文だけが出て、鍵は守られていた", "that left as ciphertext only, the key out of reach"),
}


def facts(number: int, sets: pa.Table, persons: pa.Table, inventory: Inventory) -> dict[str, dict[str, Any]]:
    """Fact id → fact, as ``facts.json`` holds them. ``sets``: the verdicts, as ``VERDICT_SETS``; ``persons``: subject,
    category, person_id, kind of every record.
    """
    with duckdb.connect() as connection:
        cells_of(connection, sets)
        connection.register("persons", persons)
        connection.execute("""
            CREATE TEMP TABLE standing AS
            SELECT subject, category,
                   CASE WHEN bool_or(verdict = 'confirmed') THEN 'confirmed'
                        WHEN bool_or(verdict = 'possible') THEN 'possible' ELSE 'ruled_out' END AS verdict
            FROM verdicts GROUP BY subject, category""")
        records = _counts(connection, "SELECT category, verdict, count(*) FROM standing GROUP BY ALL")
        by_item = "SELECT category || '/' || item, {}, sum(cells)::BIGINT FROM verdicts_as_sets GROUP BY ALL"
        items = _counts(connection, by_item.format("verdict"))
        items |= _counts(connection, by_item.format("CASE WHEN protected THEN 'protected' END"))
        people = {
            (category, level): count
            for level in _LEVELS
            for category, count in connection.execute(f"""
                SELECT coalesce(s.category, ''), count(DISTINCT coalesce(p.person_id, s.subject))
                FROM standing s LEFT JOIN persons p USING (subject) WHERE {_condition(level)}
                GROUP BY GROUPING SETS ((s.category), ())""").fetchall()
        }
        natural = {
            level: _one(
                connection,
                f"""SELECT count(DISTINCT coalesce(p.person_id, s.subject)) FROM standing s
                    LEFT JOIN persons p USING (subject)
                    WHERE {_condition(level)} AND s.category IN ({_list(inventory, "person")})""",
            )
            for level in _LEVELS
        }
        bodies = {
            level: _one(
                connection,
                f"""SELECT count(DISTINCT coalesce(p.person_id, s.subject)) FROM standing s
                    LEFT JOIN persons p USING (subject)
                    WHERE {_condition(level)} AND s.category IN ({_list(inventory, "organisation")})""",
            )
            for level in _LEVELS
        }
    made: list[dict[str, Any]] = []
    prefix = f"A{number:03d}"
    totals = dict.fromkeys(_LEVELS, 0)
    for category in inventory.categories:
        name = (category.label.ja, category.label.en)
        unit = "persons" if category.kind == "person" else "organisations"
        for level in _LEVELS:
            value = _level(records, category.id, level)
            totals[level] += value
            words = _WORDS[level]
            made.append(
                _fact(f"{prefix}.{category.id}.records.{level}", value, "records", category.id, None, level,
                      f"{name[0]}のうち{words[0]}件数", f"records of '{name[1]}': {words[1]}")
            )  # fmt: skip
            made.append(
                _fact(f"{prefix}.{category.id}.{unit}.{level}", people.get((category.id, level), 0), unit, category.id,
                      None, level, f"{name[0]}のうち{words[0]}{'実人数' if unit == 'persons' else '実数'}",
                      f"{unit} among '{name[1]}': {words[1]}")
            )  # fmt: skip
        for item in inventory.items:
            for level, words in _ITEM_WORDS.items():
                if level == "protected" and not inventory.is_encrypted(category.id, item.id):
                    continue
                made.append(
                    _fact(f"{prefix}.{category.id}.item.{item.id}.{level}",
                          _level(items, f"{category.id}/{item.id}", level), "records", category.id, item.id, level,
                          f"{name[0]}の{item.label.ja}のうち{words[0]}件数",
                          f"'{item.label.en}' of '{name[1]}': {words[1]}")
                )  # fmt: skip
    for level in _LEVELS:
        words = _WORDS[level]
        for unit, value, ja in (
            ("records", totals[level], "件数"),
            ("persons", natural[level], "実人数"),
            ("organisations", bodies[level], "事業者等の数"),
        ):
            made.append(
                _fact(f"{prefix}.total.{unit}.{level}", value, unit, None, None, level,
                      f"全区分のうち{words[0]}{ja}", f"{unit} in all categories: {words[1]}")
            )  # fmt: skip
    return {fact["id"]: fact for fact in made}


def _fact(
    identifier: str,
    value: int,
    unit: str,
    category: str | None,
    item: str | None,
    level: str,
    ja: str,
    en: str,
) -> dict[str, Any]:
    return {
        "id": identifier,
        "value": value,
        "unit": unit,
        "category": category,
        "item": item,
        "verdict": level,
        "definition": {"ja": ja, "en": en},
    }


def _condition(level: str) -> str:
    return {
        "affected": "s.verdict <> 'ruled_out'",
        "confirmed": "s.verdict = 'confirmed'",
        "possible": "s.verdict = 'possible'",
        "total": "TRUE",
    }[level]


def _level(counts: dict[tuple[str, str], int], key: str, level: str) -> int:
    confirmed, possible = counts.get((key, "confirmed"), 0), counts.get((key, "possible"), 0)
    return {
        "affected": confirmed + possible,
        "confirmed": confirmed,
        "possible": possible,
        "total": confirmed + possible + counts.get((key, "ruled_out"), 0),
        "protected": counts.get((key, "protected"), 0),
    }[level]


def _list(inventory: Inventory, kind: str) -> str:
    return ", ".join(f"'{c.id}'" for c in inventory.categories if c.kind == kind) or "NULL"


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> dict[tuple[str, str], int]:
    return {(key, verdict): count for key, verdict, count in connection.execute(query).fetchall()}


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
