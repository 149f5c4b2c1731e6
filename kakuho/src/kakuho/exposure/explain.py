"""The chain behind a verdict or a number: verdict ← claims ← events ← lines of sealed files ← journal entries.

A person is told of as the union of the records that are theirs: each item once, at its strongest, with the chain of
every record below it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.exposure.cited import Cited
from kakuho.exposure.claims import CONFIRMED, DERIVED, DIRECT, POSSIBLE, RULED_OUT
from kakuho.exposure.investigated import read_investigation
from kakuho.exposure.methods.reach import unwitnessed
from kakuho.exposure.methods.scope import of_collections, of_shows
from kakuho.exposure.rows import rows_of
from kakuho.exposure.verdict_sets import read_cells
from kakuho.exposure.witnessed import as_witnessed, coverage_of
from kakuho.inventory import AccessPath, Inventory, load_inventory
from kakuho.language import Bilingual

_STRONGEST = (CONFIRMED, POSSIBLE, RULED_OUT)


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


def explain_person(case: Case, number: int, subjects: Sequence[str]) -> Chain:
    """The union of what stands on these records and on all that the assessment takes for the same persons.

    ``items``: each item at its strongest verdict, with the records' own ``cells``; ``records``: whose they are, and
    ``named`` where the caller gave them. Raises ``UsageError`` where one of ``subjects`` is no record.
    """
    folder = case.assessments / f"{number:03d}"
    with duckdb.connect() as connection, Cited(case, folder) as cited:
        records = _records(connection, folder, subjects)
        cells = _cells(case, connection, cited, folder, [record["subject"] for record in records], None)
    order = [item.id for item in load_inventory(case.inventory_path).items]
    items = sorted({str(cell["item"]) for cell in cells}, key=order.index)
    return Chain(
        {
            "assessment": number,
            "persons": sorted({record["person"] for record in records}),
            "records": records,
            "items": [_union(item, [cell for cell in cells if cell["item"] == item]) for item in items],
            "evidence": _sealed(case),
        }
    )


def explain_cell(case: Case, number: int, subject: str, item: str) -> Chain:
    """One cell. Raises ``UsageError`` where there is no such cell."""
    folder = case.assessments / f"{number:03d}"
    with duckdb.connect() as connection, Cited(case, folder) as cited:
        cells = _cells(case, connection, cited, folder, [subject], item)
        if not cells:
            raise _unknown(f"{subject} {item}")
        person = _persons(connection, folder).get(subject)
    data = {"assessment": number, "subject": subject, "person": person, "cells": cells, "evidence": _sealed(case)}
    return Chain(data)


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
        "protected": "protected",
    }[level]
    reasons = json.loads((folder / "reasons.json").read_text(encoding="utf-8"))
    with duckdb.connect() as connection, Cited(case, folder) as cited:
        read_cells(connection, folder)
        made_of = rows_of(
            connection,
            f"""SELECT verdict, reason_id, count(*) AS cells, count(DISTINCT subject) AS records
                FROM verdicts
                WHERE ($category IS NULL OR category = $category) AND ($item IS NULL OR item = $item) AND {wanted}
                GROUP BY ALL ORDER BY records DESC, reason_id""",
            category=category,
            item=item,
        )
        for part in made_of:
            part["reason"] = reasons[part["reason_id"]]
            part["events"] = _events_of_reason(case, connection, cited, folder, str(part.pop("reason_id")), fact)
    return Chain({"assessment": number, "fact": fact, "made_of": made_of, "evidence": _sealed(case)})


def _records(connection: duckdb.DuckDBPyConnection, folder: Path, subjects: Sequence[str]) -> list[dict[str, Any]]:
    """The named records and those taken for the same persons."""
    persons = _persons(connection, folder)
    for subject in subjects:
        if subject not in persons:
            raise _unknown(subject)
    theirs = {persons[subject] for subject in subjects}
    return [
        {"subject": subject, "person": person, "named": subject in subjects}
        for subject, person in persons.items()
        if person in theirs
    ]


def _persons(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    rows = connection.execute(
        "SELECT subject, person_id FROM read_parquet(?) ORDER BY subject", [str(folder / "persons.parquet")]
    ).fetchall()
    return dict(rows)


def _cells(
    case: Case,
    connection: duckdb.DuckDBPyConnection,
    cited: Cited,
    folder: Path,
    subjects: Sequence[str],
    item: str | None,
) -> list[dict[str, Any]]:
    """The cells of these records (of one item, or of all), each with its claims; a ruled out one with its paths."""
    read_cells(connection, folder)
    reasons = json.loads((folder / "reasons.json").read_text(encoding="utf-8"))
    names = sorted(set(subjects))
    among = ", ".join(f"$s{n}" for n in range(len(names)))
    cells = rows_of(
        connection,
        f"""SELECT category, subject, item, verdict, reason_id, method, masked, level, protected, protection
            FROM verdicts WHERE subject IN ({among}) AND ($item IS NULL OR item = $item)
            ORDER BY item, subject""",
        item=item,
        **{f"s{n}": name for n, name in enumerate(names)},
    )
    paths = _Paths(case, cited)
    for cell in cells:
        subject, about = str(cell["subject"]), str(cell["item"])
        cell["reason"] = reasons[cell.pop("reason_id")]
        cell["protection"] = reasons.get(cell["protection"])
        cell["claims"] = _claims(connection, cited, folder, subject, about, reasons)
        if cell["verdict"] == RULED_OUT:
            cell["paths"] = paths.leading_to(subject, about)
    return cells


def _union(item: str, cells: list[dict[str, Any]]) -> dict[str, Any]:
    """One item of a person: the strongest verdict; ``direct`` and unprotected where any affected record's is so."""
    affected = [cell for cell in cells if cell["verdict"] != RULED_OUT]
    level = DIRECT if any(cell["level"] == DIRECT for cell in affected) else DERIVED if affected else ""
    return {
        "item": item,
        "verdict": min((cell["verdict"] for cell in cells), key=_STRONGEST.index),
        "level": level,
        "protected": bool(affected) and all(cell["protected"] for cell in affected),
        "masked": any(cell["masked"] for cell in cells),
        "cells": cells,
    }


def _unknown(what: str) -> UsageError:
    return UsageError(
        Bilingual(ja="この評価にそのような記録・項目はありません。", en="this assessment has no such record or item"),
        where=what,
        remedy=Bilingual(
            ja="「policyholder:12」の形の記録番号と、目録の項目名（bank_account など）を指定してください。",
            en="name a record such as policyholder:12, and an item of the inventory such as bank_account",
        ),
    )


def _claims(
    connection: duckdb.DuckDBPyConnection,
    cited: Cited,
    folder: Path,
    subject: str,
    item: str,
    reasons: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The claims on one cell; of one that left in several forms, the worst."""
    claims = rows_of(
        connection,
        """SELECT claim_id, method, certainty, reason_id,
               CASE WHEN bool_or(level = 'direct') THEN 'direct' ELSE min(level) END AS level,
               CASE WHEN bool_and(cipher <> '') THEN min(cipher) END AS cipher
           FROM (SELECT claim_id, method, certainty, reason_id, level, cipher FROM read_parquet($claims)
                 WHERE subject = $subject AND item = $item
                 UNION ALL SELECT claim_id, method, 'possible', reason_id, level, cipher FROM read_parquet($sets)
                 WHERE collection = split_part($subject, ':', 1) AND item = $item)
           GROUP BY claim_id, method, certainty, reason_id ORDER BY certainty, method, claim_id""",
        claims=str(folder / "claims.parquet"),
        sets=str(folder / "claim_sets.parquet"),
        subject=subject,
        item=item,
    )
    for claim in claims:
        claim["reason"] = reasons[claim.pop("reason_id")]
        claim["events"] = cited.by(connection, "claim_id = $only", str(claim["claim_id"]))
    return claims


def _events_of_reason(
    case: Case, connection: duckdb.DuckDBPyConnection, cited: Cited, folder: Path, reason: str, fact: Mapping[str, Any]
) -> dict[str, Any]:
    inventory = load_inventory(case.inventory_path)
    records = [r.name for r in inventory.records() if fact["category"] in (None, r.record_of)]
    names = ", ".join(f"'{name}'" for name in records)
    about = "" if fact["item"] is None else f"AND item = '{fact['item']}'"
    return cited.by(
        connection,
        f"""claim_id IN (
            SELECT claim_id FROM read_parquet('{folder / "claims.parquet"}')
            WHERE reason_id = $only AND split_part(subject, ':', 1) IN ({names}) {about}
            UNION SELECT claim_id FROM read_parquet('{folder / "claim_sets.parquet"}')
            WHERE reason_id = $only AND collection IN ({names}) {about})""",
        reason,
    )


class _Paths:
    """The access paths of the case, each as the judgement saw it."""

    def __init__(self, case: Case, cited: Cited) -> None:
        self._inventory = as_witnessed(load_inventory(case.inventory_path), cited.lake.table("datastore_activity"))
        self._investigated = read_investigation(case.lake / "investigation.json")
        self._coverage = coverage_of(cited.lake, self._inventory)

    def leading_to(self, subject: str, item: str) -> list[dict[str, Any]]:
        """Every access path that leads to the cell, why it stands closed, or what witnessed it."""
        found: list[dict[str, Any]] = []
        for path in self._inventory.access_paths:
            if not _leads_to(path, self._inventory, subject.partition(":")[0], item):
                continue
            state = self._investigated.state_of(path.id)
            closed = state.state == "closed"
            gap = None if closed else unwitnessed(path, state, self._coverage, self._investigated)
            found.append(
                {
                    "path": path.id,
                    "state": state.state,
                    "basis": state.basis,
                    "decided_by": state.decided_by,
                    "witnesses": [] if closed else [role for role in path.witnesses if self._coverage.has(role)],
                    "unwitnessed": gap,
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
