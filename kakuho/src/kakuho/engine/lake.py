"""Where queries run: DuckDB in this process, through Ibis, over the Parquet files of a case.

    lake = connect(case)
    lake.table("http_activity").filter(...)
    snapshot_table(lake, case, "policyholder")

Every table of :mod:`kakuho.engine.schemas` is there; one that no stage has written yet is empty, with its columns.
A stage that wrote new files connects again to see them. Results are taken as Arrow (``to_pyarrow``), never as pandas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import ibis
from ibis.expr.types import Table

from kakuho.engine.backend import LakeBackend
from kakuho.engine.parts import table_parts
from kakuho.engine.schemas import TABLES, VIEWS
from kakuho.engine.settings import engine_settings
from kakuho.errors import KakuhoError
from kakuho.language import Bilingual

_COLUMNS = ", ".join(f'"{name}"' for name in TABLES["disclosure"].schema.names)
_DISCLOSURE = f"""
CREATE TEMP VIEW disclosure AS
SELECT {_COLUMNS} FROM (SELECT * EXCLUDE (shown), unnest(shown, recursive := true) FROM ledger_event)
JOIN (SELECT DISTINCT "set", position, item, masked FROM item_set) USING ("set")
"""
"""One row a (event, subject, item), out of one row an event (``docs/adr/0016-a-ledger-event-is-one-row.md``)."""


class HasLake(Protocol):
    """Anything with a lake folder: a :class:`kakuho.case.Case`."""

    @property
    def lake(self) -> Path:
        """The folder of derived tables."""


def connect(case: HasLake) -> LakeBackend:
    """An Ibis backend in which every table of the lake is a view or an empty table. Close it with ``disconnect``."""
    lake = case.lake.resolve()
    backend: LakeBackend = LakeBackend().connect(**engine_settings(lake))
    for name, declared in TABLES.items():
        if name in VIEWS:
            continue
        paths = table_parts(lake, name)
        if paths:
            backend.read_parquet([str(path) for path in paths], table_name=name)
        else:
            backend.create_table(name, schema=ibis.Schema.from_pyarrow(declared.schema), temp=True)
    backend.con.execute(_DISCLOSURE)
    return backend


def snapshot_table(backend: LakeBackend, case: HasLake, collection: str) -> Table:
    """The snapshot's copy of one collection; raises KakuhoError where it was not copied."""
    path = case.lake.resolve() / "snapshot" / f"{collection}.parquet"
    if not path.exists():
        raise KakuhoError(
            Bilingual(
                ja=f"スナップショットの表 {collection} がまだ写し取られていません。",
                en=f"the snapshot's table {collection} was not copied yet",
            ),
            where=str(path),
            remedy=Bilingual(
                ja="スナップショット（pg_dump -Fc）を evidence add で加え、assess を実行してください。",
                en="add a snapshot (pg_dump -Fc) with evidence add and run assess",
            ),
        )
    return backend.read_parquet(str(path), table_name=f"snapshot_{collection}")
