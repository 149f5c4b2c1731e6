"""The shop on SQLite behind whatever web servers this machine has."""

import tempfile
from pathlib import Path

import pytest

from drills.laboratory.engines import start_sqlite
from drills.laboratory.fronts import open_shop
from drills.processes import Processes


@pytest.fixture(scope="module")
def processes():
    with Processes() as running:
        yield running


@pytest.fixture(scope="module")
def front(processes):
    with tempfile.TemporaryDirectory(prefix="decode-lab-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield open_shop(processes, start_sqlite(processes, folder), folder / "front")
        processes.end_all()
