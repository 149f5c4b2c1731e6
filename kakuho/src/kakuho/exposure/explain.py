"""The chain behind a verdict or a number: verdict ← claims ← events ← lines of sealed files ← journal entries.

Summaries of events hold no personal values: paths without their query, statements with their literals taken out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from kakuho.case import Case
from kakuho.engine.lake import connect
from kakuho.errors import UsageError
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.claims import RULED_OUT
from kakuho.exposure.investigated import read_investigation
from kakuho.exposure.methods.reach import unwitnessed
from kakuho.exposure.methods.scope import of_collections, of_shows
from kakuho.exposure.rows import rows_of
from kakuho.inventory import AccessPath, Inventory, load_inventory
from kakuho.language import Bilingual

SHOWN = 5
"""Events shown a claim; the rest is counted."""
_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


@dataclass(frozen=True)
class Chain:
    """What ``kakuho explain`` prints, as one JSON object."""

    data: dict[str, Any]


def latest(case: Case) -> int:
    made = sorted(int(path.name) for path in case.assessments.iterdir() if path.name.isdigit())
    if not made:
        raise UsageError(
            Bilingual(ja="まだ評価がありません。", en="there is no assessment yet"),
            where=str(case.assessments),
            remedy=Bilingual(ja="kakuho assess を実行してください。", en="run kakuho assess"),
        )
    return made[-1]


def explain_cells(case: Case, number: int, subject: str, item: str | None) -> Chain:
    """One cell, or all cells of a subject where ``item`` is None. Raises ``UsageError`` where there is no such cell."""
    folder = case.assessments / f"{number:03d}"
    inventory = load_inventory(case.inventory_path)
    with duckdb.connect() as connection:
        cells = rows_of(
            connection,
            """SELECT category, item, verdict, reason_id, method, masked FROM read_parquet($verdicts)
               WHERE subject = $subject AND ($item IS NULL OR item = $item) ORDER BY item""",
            verdicts=str(folder / "verdicts.parquet"),
            subject=subject,
            item=item,
        )
        if not cells:
            raise UsageError(
                Bilingual(
                    ja="この評価にそのような記録・項目はありません。", en="this assessment has no such record or item"
                ),
                where=subject if item is None else f"{subject} {item}",
                remedy=Bilingual(
                    ja="「policyholder:12」の形の記録番号と、目録の項目名（bank_account など）を指定してください。",
                    en="name a record such as policyholder:12, and an item of the inventory such as bank_account",
                ),
            )
        reasons = json.loads((folder / "reasons.json").read_text(encoding="utf-8"))
        for cell in cells:
            cell["reason"] = reasons[cell.pop("reason_id")]
            cell["claims"] = _claims(case, connection, folder, subject, str(cell["item"]), reasons)
            if cell["verdict"] == RULED_OUT:
                cell["paths"] = _paths_to(case, inventory, subject, str(cell["item"]))
        person = rows_of(
            connection,
            "SELECT person_id FROM read_parquet($persons) WHERE subject = $subject",
            persons=str(folder / "persons.parquet"),
            subject=subject,
        )
    return Chain(
        {
            "assessment": number,
            "subject": subject,
            "person": person[0]["person_id"] if person else None,
            "cells": cells,
            "evidence": _sealed(case),
        }
    )


def explain_fact(case: Case, number: int, identifier: str) -> Chain:
    """A printed number: its definition, the methods and reasons that make it up, and the lines they rest on."""
    folder = case.assessments / f"{number:03d}"
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["facts"]
    if identifier not in facts:
        raise UsageError(
            Bilingual(ja="この評価にその番号の数値はありません。", en="this assessment has no number of that id"),
            where=identifier,
            remedy=Bilingual(
                ja="文書末尾の「数値の根拠」にある番号を指定してください。",
                en="take an id from the list at the end of the document",
            ),
        )
    fact = facts[identifier]
    level, category, item = fact["verdict"], fact["category"], fact["item"]
    wanted = {
        "affected": "verdict <> 'ruled_out'",
        "confirmed": "verdict = 'confirmed'",
        "possible": "verdict = 'possible'",
        "total": "TRUE",
    }[level]
    reasons = json.loads((folder / "reasons.json").read_text(encoding="utf-8"))
    with duckdb.connect() as connection:
        made_of = rows_of(
            connection,
            f"""SELECT verdict, reason_id, count(*) AS cells, count(DISTINCT subject) AS records
                FROM read_parquet($verdicts)
                WHERE ($category IS NULL OR category = $category) AND ($item IS NULL OR item = $item) AND {wanted}
                GROUP BY ALL ORDER BY records DESC, reason_id""",
            verdicts=str(folder / "verdicts.parquet"),
            category=category,
            item=item,
        )
        for part in made_of:
            part["reason"] = reasons[part["reason_id"]]
            part["events"] = _events_of_reason(case, connection, folder, str(part.pop("reason_id")), category, item)
    return Chain({"assessment": number, "fact": fact, "made_of": made_of, "evidence": _sealed(case)})


def _claims(
    case: Case,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    subject: str,
    item: str,
    reasons: dict[str, Any],
) -> list[dict[str, Any]]:
    claims = rows_of(
        connection,
        """SELECT claim_id, method, certainty, reason_id FROM read_parquet($claims)
           WHERE subject = $subject AND item = $item
           UNION SELECT claim_id, method, 'possible', reason_id FROM read_parquet($sets)
           WHERE collection = split_part($subject, ':', 1) AND item = $item
           ORDER BY certainty, method, claim_id""",
        claims=str(folder / "claims.parquet"),
        sets=str(folder / "claim_sets.parquet"),
        subject=subject,
        item=item,
    )
    for claim in claims:
        claim["reason"] = reasons[claim.pop("reason_id")]
        claim["events"] = _events(case, connection, folder, "claim_id = $only", str(claim["claim_id"]))
    return claims


def _events_of_reason(
    case: Case,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    reason: str,
    category: str | None,
    item: str | None,
) -> dict[str, Any]:
    inventory = load_inventory(case.inventory_path)
    records = [r.name for r in inventory.records() if category in (None, r.record_of)]
    names = ", ".join(f"'{name}'" for name in records)
    about = "" if item is None else f"AND item = '{item}'"
    return _events(
        case,
        connection,
        folder,
        f"""claim_id IN (
            SELECT claim_id FROM read_parquet('{folder / "claims.parquet"}')
            WHERE reason_id = $only AND split_part(subject, ':', 1) IN ({names}) {about}
            UNION SELECT claim_id FROM read_parquet('{folder / "claim_sets.parquet"}')
            WHERE reason_id = $only AND collection IN ({names}) {about})""",
        reason,
    )


def _events(
    case: Case, connection: duckdb.DuckDBPyConnection, folder: Path, condition: str, only: str
) -> dict[str, Any]:
    rows = rows_of(
        connection,
        f"""SELECT DISTINCT source_id, line, byte_offset FROM read_parquet('{folder / "claim_events.parquet"}')
            WHERE {condition} ORDER BY source_id, line""",
        only=only,
    )
    backend = connect(case)
    try:
        return {"count": len(rows), "first": [_event(backend.con, row) for row in rows[:SHOWN]]}
    finally:
        backend.disconnect()


def _event(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> dict[str, Any]:
    key = [row["source_id"], row["line"]]
    name = connection.execute("SELECT name FROM sources WHERE source_id = ?", key[:1]).fetchone()
    where = {"file": name[0] if name else None, **row}
    http = connection.execute(
        "SELECT time, src_ip, method, url_path, status FROM http_activity WHERE source_id = ? AND line = ?", key
    ).fetchone()
    if http:
        return {**where, "time": _time(http[0]), "what": f"{http[1]} {http[2]} {http[3]} → {http[4]}"}
    shown = connection.execute(
        "SELECT any_value(time), any_value(src_ip), any_value(method), any_value(route), any_value(actor_id) "
        "FROM disclosure WHERE source_id = ? AND line = ? HAVING count(*) > 0",
        key,
    ).fetchone()
    if shown:
        return {**where, "time": _time(shown[0]), "what": f"{shown[1]} {shown[2]} {shown[3]} ({shown[4]})"}
    ran = connection.execute(
        "SELECT time, db_user, statement, COALESCE(outcome, 'unknown') FROM datastore_activity "
        "WHERE source_id = ? AND line = ?",
        key,
    ).fetchone()
    if ran:
        return {**where, "time": _time(ran[0]), "what": f"{ran[1]}: {_LITERAL.sub('…', ran[2])[:160]} → {ran[3]}"}
    return where


def _time(value: Any) -> str:
    return f"{value.isoformat()}Z"


def _paths_to(case: Case, inventory: Inventory, subject: str, item: str) -> list[dict[str, Any]]:
    """Every access path that leads to the cell, why it stands closed, or what witnessed it."""
    investigated = read_investigation(case.lake / "investigation.json")
    backend = connect(case)
    try:
        rows = backend.table("coverage").to_pyarrow().to_pylist()
    finally:
        backend.disconnect()
    coverage = Coverage.of((row["role"], row["start"], row["end"]) for row in rows)
    found: list[dict[str, Any]] = []
    for path in inventory.access_paths:
        if not _leads_to(path, inventory, subject.partition(":")[0], item):
            continue
        state = investigated.state_of(path.id)
        witnesses = [role for role in path.witnesses if coverage.has(role)]
        found.append(
            {
                "path": path.id,
                "state": state.state,
                "basis": state.basis,
                "decided_by": state.decided_by,
                "witnesses": witnesses if state.state != "closed" else [],
                "unwitnessed": None if state.state == "closed" else unwitnessed(path, state, coverage, investigated),
            }
        )
    return found


def _leads_to(path: AccessPath, inventory: Inventory, record: str, item: str) -> bool:
    if path.kind != "route" or path.sql:
        names = path.collections if path.kind != "route" else "*"
        return (record, item) in set(of_collections(inventory, names))
    return any((record, item) in set(of_shows(inventory, path, shows)) for shows in path.shows)


def _sealed(case: Case) -> list[dict[str, Any]]:
    """When each file was sealed, by whom, and the journal's line."""
    return [
        {"seq": entry.seq, "time": entry.time, "who": entry.who, "act": entry.act, **dict(entry.details)}
        for entry in case.journal.entries()
        if entry.act.startswith(("evidence.", "inventory."))
    ]
