"""The restored snapshot as exposure needs it: its classified tables in the lake, its schema, what changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from kakuho.case import Case, Stage
from kakuho.engine.copy_out import CollectionCopy, copy_collections
from kakuho.engine.lake import snapshot_table
from kakuho.engine.restored import Restored
from kakuho.errors import UsageError
from kakuho.evidence.snapshots import latest_snapshot
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.history import History, history
from kakuho.exposure.history_mysql import DUMPED, mysql_history
from kakuho.exposure.sql import Schema, in_lower_case
from kakuho.inventory import Collection, Inventory
from kakuho.language import Bilingual

FEW = 20
"""A column with at most this many distinct values: learning what a row is not tells what it is."""


def snapshot_of(case: Case) -> str:
    """The SHA-256 of the case's snapshot; the one taken last where there are several."""
    found = latest_snapshot(case)
    if found is None:
        raise UsageError(
            Bilingual(
                ja="データベースのスナップショットがないため、誰の記録があるか分かりません。",
                en="there is no database snapshot, so nothing tells whose records there are",
            ),
            where="evidence",
            remedy=Bilingual(
                ja="pg_dump -Fc（MySQL・MariaDB では mysqldump）で取り、kakuho evidence add で加えてください。",
                en="take one with pg_dump -Fc (mysqldump of MySQL or MariaDB) and add it with kakuho evidence add",
            ),
        )
    return found


def copy_snapshot(case: Case, sandbox: Restored, inventory: Inventory, sha256: str) -> None:
    """Bring ``lake/snapshot/`` up to date with the classified columns."""
    stage = Stage(case.directory, "snapshot")
    inputs = stage.inputs(files=[case.inventory_path], parameters={"snapshot": sha256})
    if not stage.is_current(inputs):
        with stage.writing(inputs, destination=case.lake / "snapshot") as folder:
            copy_collections(sandbox, folder, [_copy_of(collection) for collection in inventory.personal()])


def _copy_of(collection: Collection) -> CollectionCopy:
    keys = {collection.key, *(link.field for link in collection.subject)}
    return CollectionCopy(collection.name, tuple(field.name for field in collection.fields), frozenset(keys))


def snapshot_files(case: Case, inventory: Inventory) -> list[Path]:
    return [case.lake / "snapshot" / f"{collection.name}.parquet" for collection in inventory.personal()]


def snapshot_tables(backend: Backend, case: Case, inventory: Inventory) -> dict[str, ir.Table]:
    return {c.name: snapshot_table(backend, case, c.name) for c in inventory.personal()}


def unclassified(sandbox: Restored, inventory: Inventory) -> list[str]:
    """Tables and columns of the snapshot that the inventory does not name: nobody has said what they hold."""
    named = {c.name: {field.name for field in c.fields} for c in inventory.collections}
    missing: list[str] = []
    for table, columns in sandbox.schema().items():
        if table not in named:
            missing.append(table)
        elif inventory.collection(table).personal:
            missing.extend(f"{table}.{column}" for column in columns if column not in named[table])
    return missing


def schema_of(case: Case, sandbox: Restored, inventory: Inventory) -> Schema:
    """What replay needs to know of the restored database; tables outside ``public`` are left out, so they widen."""
    views, own = sandbox.views(), sandbox.catalogue()
    tables = {name: columns for name, columns in sandbox.schema().items() if name not in views and "." not in name}
    known = [collection for collection in inventory.collections if collection.name in tables]
    links = {c.name: own.links.get(c.name, frozenset()) | {link.field for link in c.subject} for c in known}
    schema = Schema(
        tables=tables,
        keys={c.name: c.key for c in known},
        unique={c.name: frozenset(c.unique) for c in known if c.unique},
        few_values=_few_values(case, inventory),
        created_at={c.name: c.created_at for c in known if c.created_at},
        changed_at={c.name: c.changed_at for c in known if c.changed_at},
        links=links,
        views={name: query for name, query in views.items() if "." not in name},
        stored=own.stored_views,
        parents=own.parents,
        functions=own.functions,
    )
    schema = replace(schema, unclassified=frozenset(t for t in tables if schema.holder(t) is None))
    return in_lower_case(replace(schema, name=sandbox.database)) if sandbox.system == "mysql" else schema


def _few_values(case: Case, inventory: Inventory) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    with duckdb.connect() as connection:
        for collection in inventory.personal():
            columns = [field.name for field in collection.fields if field.item is not None]
            path = case.lake / "snapshot" / f"{collection.name}.parquet"
            if not columns or not path.exists():
                continue
            counts = ", ".join(f'count(DISTINCT "{column}")' for column in columns)
            row = connection.execute(f"SELECT {counts} FROM read_parquet(?)", [str(path)]).fetchone() or ()
            found |= {(collection.name, c) for c, count in zip(columns, row, strict=True) if count <= FEW}
    return frozenset(found)


def history_since(backend: Backend, coverage: Coverage, first: datetime | None, *, mysql: bool = False) -> History:
    """What the database log tells of writes to the snapshot, from ``first`` or the intruder's first statement on.

    The dump's own statements in the log date the snapshot, the last that are not the intruder's, who may run pg_dump
    too; without them the log is not known to reach it.
    """
    activity, attacker = backend.table("datastore_activity"), backend.table("attacker_events")
    theirs = attacker.filter(attacker["table"] == "datastore_activity")
    by_dump = (activity.application == "pg_dump") | activity.statement.re_search(DUMPED).fill_null(False)
    dumps = activity.filter(by_dump.fill_null(False)).anti_join(theirs, ["source_id", "line"])
    taken = dumps.aggregate(taken=lambda t: t.time.max()).to_pyarrow().to_pylist()[0]["taken"]
    asked = theirs.aggregate(first=lambda t: t.time.min()).to_pyarrow().to_pylist()[0]["first"]
    first = min((moment for moment in (first, asked) if moment is not None), default=None)
    if first is None or taken is None or not coverage.covers("database_log", first, taken):
        return History(known=False)
    ran = activity.filter(activity.statement.notnull() & (activity.outcome.fill_null("") != "failure"))
    later = ran.filter((ran.time >= first) & (ran.time <= taken))
    texts = later.select("statement").distinct().to_pyarrow()["statement"].to_pylist()
    return mysql_history(texts, known=True) if mysql else history(texts, known=True)
