"""One assessment of a case: everything derived from evidence, journal and inventory, numbered and written whole.

The same inputs give the same bytes; unchanged inputs give the same assessment, not a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from ibis.backends.duckdb import Backend

from kakuho.case import Case, Stage
from kakuho.case.files import sha256_of
from kakuho.engine.lake import connect
from kakuho.engine.parts import table_file
from kakuho.engine.restored import Restored
from kakuho.engine.write import write_batches
from kakuho.evidence.restoring import restored
from kakuho.exposure.facts import facts
from kakuho.exposure.file_evidence import file_evidence, sealed_files
from kakuho.exposure.investigated import Investigated, read_investigation
from kakuho.exposure.judge import Evidence, Judgement, Snapshot, judge
from kakuho.exposure.snapshot import (
    copy_snapshot,
    history_since,
    schema_of,
    snapshot_of,
    snapshot_tables,
    unclassified,
)
from kakuho.exposure.verdict_sets import FILE, write_verdicts
from kakuho.exposure.witnessed import coverage_of
from kakuho.inventory import Inventory, load_inventory

ACT = "assessment.made"
INPUTS = (
    "sources",
    "http_activity",
    "datastore_activity",
    "disclosure",
    "process_activity",
    "file_activity",
    "api_activity",
    "base_event",
    "coverage",
    "gaps",
    "attacker_events",
)
STATEMENT_SECONDS = 5
"""A replayed statement that takes longer widens."""

Step = Callable[[str], None]
Persons = Callable[[dict[str, pa.Table], Inventory], tuple[pa.Table, pa.Table]]


@dataclass(frozen=True)
class Assessment:
    """``fresh`` is false where the inputs had not changed since."""

    number: int
    folder: Path
    summary: dict[str, Any]
    fresh: bool


def assess(case: Case, link: Persons, step: Step) -> Assessment:
    """Judge every cell. ``link`` gives persons and their conflicts for the records; ``step`` is told what goes on.

    Raises ``KakuhoError`` where there is no inventory, investigation or snapshot, or where they do not fit together.
    """
    inventory = load_inventory(case.inventory_path)
    investigated = read_investigation(case.lake / "investigation.json")
    backend = connect(case)
    try:
        sha256 = snapshot_of(case)
        number, stage, inputs = _current_or_next(case, sha256)
        folder = case.assessments / f"{number:03d}"
        fresh = not stage.is_current(inputs)
        if fresh:
            step("snapshot")
            with restored(case, sha256) as sandbox:
                copy_snapshot(case, sandbox, inventory, sha256)
                _assess(case, backend, sandbox, stage, inputs, number, inventory, investigated, link, step)
    finally:
        backend.disconnect()
    summary = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    _record(case, number, folder)
    return Assessment(number, folder, summary, fresh)


def _current_or_next(case: Case, sha256: str) -> tuple[int, Stage, Any]:
    made = sorted(int(path.name) for path in case.assessments.iterdir() if path.name.isdigit())
    last = made[-1] if made else 1
    stage = Stage(case.directory, f"assessment-{last:03d}")
    inputs = _inputs(case, stage, sha256)
    record = stage.record()
    if record is None or record["inputs"] == json.loads(json.dumps(inputs)):
        return last, stage, inputs
    stage = Stage(case.directory, f"assessment-{last + 1:03d}")
    return last + 1, stage, inputs


def _inputs(case: Case, stage: Stage, sha256: str) -> Any:
    files = [case.inventory_path, case.lake / "investigation.json"]
    files += [table_file(case.lake, name) for name in INPUTS]
    sealed = sealed_files(case)
    return stage.inputs(files=files, parameters={"snapshot": sha256, "rules": _rules(), "sealed": sealed})


def _rules() -> str:
    """The program itself is an input: other rules, another assessment."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _assess(
    case: Case,
    backend: Backend,
    sandbox: Restored,
    stage: Stage,
    inputs: Any,
    number: int,
    inventory: Inventory,
    investigated: Investigated,
    link: Persons,
    step: Step,
) -> None:
    step("exposure")
    coverage = coverage_of(backend, inventory)
    tables = snapshot_tables(backend, case, inventory)
    judgement = judge(
        Evidence(
            attacker=backend.table("attacker_events"),
            http=backend.table("http_activity"),
            datastore=backend.table("datastore_activity"),
            disclosure=backend.table("disclosure"),
            coverage=coverage,
            files=file_evidence(case, backend),
        ),
        Snapshot(
            tables,
            schema_of(case, sandbox, inventory),
            sandbox.answers(STATEMENT_SECONDS),
            history_since(backend, coverage, investigated.first, mysql=sandbox.system == "mysql"),
        ),
        investigated,
        inventory,
    )
    step("persons")
    persons, conflicts = link({name: table.to_pyarrow() for name, table in tables.items()}, inventory)
    step("facts")
    found = facts(number, judgement.sets, persons, inventory)
    with stage.writing(inputs, destination=case.assessments / f"{number:03d}") as out:
        write_verdicts(out, judgement.sets)
        for name, table in (
            ("claims", judgement.claims.claims),
            ("claim_sets", judgement.claims.sets),
            ("claim_events", judgement.claims.events),
            ("persons", persons),
            ("person_conflicts", conflicts),
        ):
            write_batches(out / f"{name}.parquet", table.schema, table.to_batches())
        _write_json(out / "reasons.json", _used_reasons(judgement))
        head = _head(number, inputs, investigated, backend, sandbox, inventory)
        _write_json(out / "facts.json", {**head, "facts": found})
        _write_json(out / "assessment.json", {**head, "totals": _totals(number, found)})


def _used_reasons(judgement: Judgement) -> dict[str, Any]:
    used = set(judgement.sets["reason_id"].to_pylist()) | set(judgement.sets["protection"].to_pylist()) - {""}
    used |= set(judgement.claims.claims["reason_id"].to_pylist()) | set(judgement.claims.sets["reason_id"].to_pylist())
    return {reason: dict(judgement.reasons[reason]) for reason in sorted(used)}


def _head(
    number: int,
    inputs: Any,
    investigated: Investigated,
    backend: Backend,
    sandbox: Restored,
    inventory: Inventory,
) -> dict[str, Any]:
    sources = backend.table("sources").order_by("source_id").to_pyarrow().to_pylist()
    gaps = backend.table("gaps").to_pyarrow().to_pylist()
    return {
        "assessment": number,
        "inputs": inputs,
        "window": investigated.raw.get("window"),
        "delimited": investigated.delimited,
        "compromised_accounts": len(investigated.raw.get("compromised_accounts", ())),
        "compromised_accounts_known": investigated.accounts_known,
        "paths": investigated.raw.get("paths", []),
        "sources": [_plain(row) for row in sources],
        "gaps": sorted((_plain(row) for row in gaps), key=lambda row: (row["source_id"] or 0, row["start"] or "")),
        "unclassified": unclassified(sandbox, inventory),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() + "Z" if hasattr(value, "isoformat") else value for key, value in row.items()}


def _totals(number: int, found: dict[str, dict[str, Any]]) -> dict[str, int]:
    prefix = f"A{number:03d}.total."
    return {key.removeprefix(prefix): fact["value"] for key, fact in found.items() if key.startswith(prefix)}


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _record(case: Case, number: int, folder: Path) -> None:
    """The journal names each assessment once, by the hash of its verdicts; after a crash the entry is made up for."""
    sha256 = sha256_of(folder / FILE)
    details = {"assessment": number, "verdicts": sha256}
    if not any(entry.details == details for entry in case.journal.entries(ACT)):
        case.record(ACT, details)
