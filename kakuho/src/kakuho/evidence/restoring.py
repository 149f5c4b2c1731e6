"""The case's snapshot, restored by the system that can hold it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kakuho.case import Case
from kakuho.engine.duckdb_sandbox import DuckdbSandbox
from kakuho.engine.mariadb import has_mariadb
from kakuho.engine.mariadb_sandbox import MariadbSandbox
from kakuho.engine.restored import Restored
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.evidence.sealed import sealed_snapshots


@contextmanager
def restored(case: Case, sha256: str) -> Iterator[Restored]:
    """The snapshot whose content has this SHA-256, while it is in use; raises KakuhoError where it cannot be restored.

    The restored database belongs to this user of the operating system and is used again by later runs.
    """
    source = next((one for one in sealed_snapshots(case) if one.sha256 == sha256), None)
    if source is None or source.format != "mysql_snapshot":
        with SnapshotSandbox.of(case, sha256) as snapshot:
            yield snapshot
        return
    system = "mariadb" if has_mariadb() else "duckdb"
    cache = case.lake / system / f"{sha256[:16]}-{os.geteuid()}"
    with source.content(case).as_file() as path:
        sandbox = MariadbSandbox(path, cache) if system == "mariadb" else DuckdbSandbox(path, cache)
        with sandbox as opened:
            yield opened
