"""Tables of a restored snapshot written as Parquet.

Key columns keep an integer type where they have one; every other column is text as the database system writes it (UTC,
ISO). Null and the empty string stay apart. Rows are ordered by the key, so the same snapshot gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from kakuho.engine.restored import CollectionCopy, Restored
from kakuho.engine.write import write_batches
from kakuho.errors import UsageError
from kakuho.language import Bilingual

__all__ = ["CollectionCopy", "copy_collections"]
_INTEGERS = {"smallint": pa.int16(), "integer": pa.int32(), "bigint": pa.int64()}


def copy_collections(sandbox: Restored, folder: Path, collections: Iterable[CollectionCopy]) -> dict[str, int]:
    """Write ``folder/<collection>.parquet`` for each; returns the rows of each. Raises UsageError for a column
    or table that the snapshot does not have, before anything is written."""
    wanted = list(collections)
    schema = sandbox.schema()
    _refuse_unknown(wanted, schema)
    order = sandbox.primary_keys()
    return {
        copy.collection: write_batches(
            folder / f"{copy.collection}.parquet",
            _arrow_schema(copy, schema[copy.collection]),
            sandbox.batches(
                copy, _arrow_schema(copy, schema[copy.collection]), order.get(copy.collection, ()) or copy.columns
            ),
        )
        for copy in wanted
    }


def _refuse_unknown(wanted: list[CollectionCopy], schema: dict[str, dict[str, str]]) -> None:
    missing = [copy.collection for copy in wanted if copy.collection not in schema]
    missing += [
        f"{copy.collection}.{column}"
        for copy in wanted
        if copy.collection in schema
        for column in copy.columns
        if column not in schema[copy.collection]
    ]
    if missing:
        raise UsageError(
            Bilingual(
                ja="目録にある表または列が、スナップショットにありません。",
                en="the snapshot lacks tables or columns that the inventory names",
            ),
            where=", ".join(missing),
            remedy=Bilingual(
                ja="目録を直すか、このシステムのスナップショットを加えてください。",
                en="mend the inventory, or add a snapshot of this system",
            ),
        )


def _arrow_schema(copy: CollectionCopy, types: dict[str, str]) -> pa.Schema:
    return pa.schema(
        [(column, _integer(types[column]) if column in copy.keys else pa.string()) for column in copy.columns]
    )


def _integer(kind: str) -> pa.DataType:
    """The Arrow type of a key: of MySQL's ``int(10) unsigned`` too; text where it is no integer."""
    if kind in _INTEGERS:
        return _INTEGERS[kind]
    if kind.startswith(("tinyint", "smallint", "mediumint", "int(", "int ", "bigint")) or kind == "int":
        return pa.uint64() if kind.startswith("bigint") and "unsigned" in kind else pa.int64()
    return pa.string()
