"""Detection as a step of a case: reads the lake's events, writes ``findings`` and ``finding_events``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from kakuho.case import Case, Stage
from kakuho.detection.model import Detector
from kakuho.detection.run import detect
from kakuho.engine.lake import connect
from kakuho.engine.parts import table_file
from kakuho.engine.write import write_lake_table
from kakuho.errors import KakuhoError
from kakuho.inventory import Inventory, load_inventory
from kakuho.language import Bilingual

EVENT_TABLES = ("http_activity", "datastore_activity", "disclosure")


def inventory_of(case: Case) -> Inventory:
    """The case's sealed inventory; raises KakuhoError where there is none."""
    if not case.inventory_path.exists():
        raise KakuhoError(
            Bilingual(ja="この事案にはまだ目録がありません。", en="this case has no inventory yet"),
            where=str(case.inventory_path),
            remedy=Bilingual(
                ja="kakuho case inventory FILE で目録を取り込んでください。",
                en="seal one with kakuho case inventory FILE",
            ),
        )
    case.check_inventory()
    return load_inventory(case.inventory_path)


def ensure_findings(case: Case, progress: Callable[[Detector], None] = lambda _: None) -> bool:
    """Run detection if what it reads has changed; returns whether it ran. Raises KakuhoError without evidence."""
    tables = [table_file(case.lake, name) for name in EVENT_TABLES]
    if not any(table.exists() for table in tables):
        raise KakuhoError(
            Bilingual(ja="この事案にはまだ調べられる記録がありません。", en="this case has no events to look at yet"),
            where=str(case.lake),
            remedy=Bilingual(
                ja="kakuho evidence add でログか開示台帳を加えてください。",
                en="add logs or a disclosure ledger with kakuho evidence add",
            ),
        )
    inventory = inventory_of(case)
    stage = Stage(case.directory, "detection")
    inputs = stage.inputs(files=[*tables, case.inventory_path], parameters={"rules": rules_of(Path(__file__).parent)})
    if stage.is_current(inputs):
        return False
    backend = connect(case)
    try:
        found = detect(backend.con, inventory, progress=progress)
    finally:
        backend.disconnect()
    with stage.writing(inputs) as folder:
        write_lake_table(folder, "findings", found.findings)
        write_lake_table(folder, "finding_events", found.finding_events)
    return True


def rules_of(*folders: Path) -> str:
    """A hash of the rules' text: other rules are a reason to look again at the same evidence."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
