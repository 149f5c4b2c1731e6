"""Two assessments beside each other: who and what moved, from which verdict to which, and why.

Why is told twice: by the reasons of both verdicts, and by what differs in what the assessments were made from: files,
decisions of people, states of paths, the window, the inventory, the program's rules.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.exposure.assess import ACT
from kakuho.exposure.rows import rows_of
from kakuho.exposure.verdict_sets import FILE, read_cells
from kakuho.language import Bilingual

ABSENT = "absent"
"""The verdict on a cell that one of the two assessments does not know."""
_DECISIONS = ("indicator.", "path.", "evidence.", "inventory.")


def compare(case: Case, before: int, after: int) -> dict[str, Any]:
    """What changed from one assessment to the other, as one JSON object; raises UsageError where one is lacking.

    ``moves``: counts by category and verdicts; ``reasons``: counts by verdicts and reasons; ``subjects``: every subject
    of which a cell moved, with its items; ``beside``: counts of cells whose verdict stayed while what stands beside it
    did not; ``causes``: what differs in what went in.
    """
    folders = [_folder(case, number) for number in (before, after)]
    reasons = [json.loads((folder / "reasons.json").read_text(encoding="utf-8")) for folder in folders]
    with duckdb.connect() as connection:
        _load(connection, folders)
        moves = rows_of(
            connection,
            """SELECT category, before, after, count(*) AS cells, count(DISTINCT subject) AS records,
                   count(DISTINCT person) AS persons FROM moved GROUP BY ALL ORDER BY ALL""",
        )
        why = rows_of(
            connection,
            """SELECT before, after, reason_before, reason_after, count(*) AS cells, count(DISTINCT subject) AS records
               FROM moved GROUP BY ALL ORDER BY cells DESC, before, after, reason_before, reason_after""",
        )
        subjects = rows_of(
            connection,
            """SELECT subject, person, before, after, list(item ORDER BY item) AS items FROM moved
               GROUP BY subject, person, before, after ORDER BY subject, before, after""",
        )
        beside = rows_of(
            connection,
            """SELECT b.category, b.item, a.level AS level_before, b.level AS level_after,
                   a.protected AS protected_before, b.protected AS protected_after, count(*) AS cells
               FROM "old" a JOIN "new" b ON a.subject = b.subject AND a.item = b.item AND a.verdict = b.verdict
               WHERE a.level <> b.level OR a.protected <> b.protected GROUP BY ALL ORDER BY ALL""",
        )
    for row in why:
        row["reason_before"] = reasons[0].get(row["reason_before"])
        row["reason_after"] = reasons[1].get(row["reason_after"])
    return {
        "before": before,
        "after": after,
        "moves": moves,
        "reasons": why,
        "subjects": subjects,
        "beside": beside,
        "causes": _causes(case, before, after, folders),
    }


def _folder(case: Case, number: int) -> Path:
    folder = case.assessments / f"{number:03d}"
    if not (folder / FILE).exists():
        raise UsageError(
            Bilingual(ja="その番号の評価はありません。", en="there is no assessment of that number"),
            where=str(folder),
            remedy=Bilingual(
                ja="kakuho assess で作られた番号を指定してください。", en="name numbers that kakuho assess has made"
            ),
        )
    return folder


def _load(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    for name, folder in zip(("old", "new"), folders, strict=True):
        read_cells(connection, folder, name)
    old, new = (
        f"""(SELECT v.category, v.subject, v.item, v.verdict, v.reason_id, coalesce(p.person_id, v.subject) AS person
            FROM "{name}" v LEFT JOIN read_parquet('{folder}/persons.parquet') p USING (subject))"""
        for name, folder in zip(("old", "new"), folders, strict=True)
    )
    connection.execute(f"""
        CREATE TEMP TABLE moved AS
        SELECT coalesce(b.category, a.category) AS category, coalesce(b.subject, a.subject) AS subject,
            coalesce(b.item, a.item) AS item, coalesce(b.person, a.person) AS person,
            coalesce(a.verdict, '{ABSENT}') AS before, coalesce(b.verdict, '{ABSENT}') AS after,
            a.reason_id AS reason_before, b.reason_id AS reason_after
        FROM {old} a FULL JOIN {new} b ON a.subject = b.subject AND a.item = b.item
        WHERE a.verdict IS DISTINCT FROM b.verdict""")


def _causes(case: Case, before: int, after: int, folders: list[Path]) -> dict[str, Any]:
    old, new = (json.loads((folder / "assessment.json").read_text(encoding="utf-8")) for folder in folders)
    sources = [{row["sha256"]: row["name"] for row in one["sources"]} for one in (old, new)]
    states = [{path["id"]: path for path in one["paths"]} for one in (old, new)]
    return {
        "sources_added": sorted(name for sha, name in sources[1].items() if sha not in sources[0]),
        "sources_removed": sorted(name for sha, name in sources[0].items() if sha not in sources[1]),
        "paths": [
            {"path": path, "before": _state(states[0].get(path)), "after": _state(states[1].get(path)),
             "basis": (states[1].get(path) or {}).get("basis")}
            for path in sorted(states[0].keys() | states[1].keys())
            if _state(states[0].get(path)) != _state(states[1].get(path))
        ],
        "window": None if old["window"] == new["window"] else {"before": old["window"], "after": new["window"]},
        "delimited": None if old["delimited"] == new["delimited"] else {"before": old["delimited"],
                                                                         "after": new["delimited"]},
        "gaps": {"before": len(old["gaps"]), "after": len(new["gaps"])},
        "rules_changed": _parameter(old, "rules") != _parameter(new, "rules"),
        "decisions": _decisions(case, before, after),
    }  # fmt: skip


def _state(path: dict[str, Any] | None) -> list[Any] | None:
    return None if path is None else [path.get("state"), path.get("from"), path.get("to")]


def _parameter(assessment: dict[str, Any], name: str) -> Any:
    return (assessment["inputs"].get("parameters") or {}).get(name)


def _decisions(case: Case, before: int, after: int) -> list[dict[str, Any]]:
    """What people did in the case between the two assessments, as the journal has it."""
    made = {entry.details["assessment"]: entry.seq for entry in case.journal.entries(ACT)}
    first, last = sorted((made.get(before, 0), made.get(after, 0)))
    return [
        {"seq": entry.seq, "time": entry.time, "who": entry.who, "act": entry.act, "details": dict(entry.details)}
        for entry in case.journal.entries()
        if first < entry.seq < last and entry.act.startswith(_DECISIONS)
    ]
