"""What the intruder of `stolen-backup` finds, and what a responder is handed."""

from pathlib import Path

import yaml

from drills.handover import BACKUPS, _merged, hand_over
from drills.run import INVENTORY
from drills.scenarios.catalogue import SCENARIOS

SCENARIO = SCENARIOS["stolen-backup"]


def test_the_inventory_says_where_the_backups_lie_and_what_witnesses_them() -> None:
    paths = yaml.safe_load(_merged(INVENTORY, SCENARIO.overlay))["access_paths"]
    (backup,) = [path for path in paths if path["id"] == "backup"]
    assert backup["files"] == ["/files/backups/db-*.dump"]
    assert backup["witnesses"] == ["access_log"]


def test_the_backups_are_handed_over_with_their_time_of_writing(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / BACKUPS).mkdir(parents=True)
    (logs / "ledger").mkdir()
    (logs / "access.log").write_text("")
    (tmp_path / "snapshot").write_bytes(b"PGDMP")
    backup = logs / BACKUPS / "db-20250316.dump"
    backup.write_bytes(b"PGDMP")
    handed = hand_over(
        tmp_path / "evidence", logs, tmp_path / "snapshot", INVENTORY, SCENARIO.overlay, SCENARIO.responder, ()
    )
    (given,) = [file for file in handed.files if file.name == backup.name]
    assert given.stat().st_mtime == backup.stat().st_mtime
