"""Investigation as a step of a case: reads events, findings and the journal's decisions, writes its two files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakuho import detection
from kakuho.case import Case, Stage
from kakuho.case.files import write_atomically
from kakuho.detection.stage import ensure_findings, inventory_of, rules_of
from kakuho.engine.lake import connect
from kakuho.engine.parts import table_file
from kakuho.engine.write import write_lake_table
from kakuho.evidence.snapshots import latest_snapshot
from kakuho.investigation.decisions import Decisions
from kakuho.investigation.parties import parties_in_snapshot
from kakuho.investigation.run import investigate

INPUTS = (
    "sources",
    "http_activity",
    "datastore_activity",
    "disclosure",
    "authentication",
    "process_activity",
    "file_activity",
    "network_activity",
    "api_activity",
    "base_event",
    "coverage",
    "gaps",
    "findings",
    "finding_events",
)
FILE = "investigation.json"
RULES = (Path(__file__).parent, Path(detection.__file__).parent)


def ensure_investigation(case: Case) -> dict[str, Any]:
    """Bring detection and investigation up to date; returns what ``lake/investigation.json`` holds."""
    ensure_findings(case)
    decisions = Decisions.of(case.journal.entries())
    stage = Stage(case.directory, "investigation")
    inputs = stage.inputs(
        files=[*(table_file(case.lake, name) for name in INPUTS), case.inventory_path],
        parameters={"decisions": decisions.as_parameters(), "rules": rules_of(*RULES)},
    )
    if not stage.is_current(inputs):
        backend = connect(case)
        try:
            inventory = inventory_of(case)
            parties = parties_in_snapshot(case, inventory, latest_snapshot(case))
            result = investigate(backend.con, inventory, decisions, parties)
        finally:
            backend.disconnect()
        text = json.dumps(result.investigation.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
        with stage.writing(inputs) as folder:
            write_atomically(folder / FILE, (text + "\n").encode())
            write_lake_table(folder, "attacker_events", result.attacker_events)
    found: dict[str, Any] = json.loads((case.lake / FILE).read_text(encoding="utf-8"))
    return found
