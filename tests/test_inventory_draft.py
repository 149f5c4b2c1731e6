"""A draft of petinsurance's inventory, made from its running database, against its own inventory."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_at_least_95_of_100_columns_are_drafted_right(root: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.inventory_draft"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    print(done.stdout)
    found = re.match(
        r"petinsurance: (\d+) of (\d+) columns right \((\S+)\); whose rows: (\d+) of (\d+) tables", done.stdout
    )
    assert found is not None, done.stdout
    assert float(found[3]) >= 0.95
    assert int(found[2]) == 156
    assert int(found[5]) - int(found[4]) <= 4
