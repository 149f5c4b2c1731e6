"""Tables of a restored snapshot written as Parquet: COPY as CSV out of PostgreSQL, read by Arrow, no row in Python.

Key columns keep an integer type where they have one; every other column is text as PostgreSQL writes it (UTC, ISO).
Null and the empty string stay apart. Rows are ordered by the key, so the same snapshot gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.engine.write import write_batches
from kakuho.errors import UsageError
from kakuho.language import Bilingual

_INTEGERS = {"smallint": pa.int16(), "integer": pa.int32(), "bigint": pa.int64()}
_BLOCK_BYTES = 4 << 20


@dataclass(frozen=True)
class CollectionCopy:
    """What to copy of one table: its columns, which of them are keys, and the name of the file."""

    collection: str
    columns: tuple[str, ...]
    keys: frozenset[str] = frozenset()


def copy_collections(sandbox: SnapshotSandbox, folder: Path, collections: Iterable[CollectionCopy]) -> dict[str, int]:
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
            _batches(sandbox, copy, schema[copy.collection], order.get(copy.collection, ())),
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
        [
            (column, _INTEGERS.get(types[column], pa.string()) if column in copy.keys else pa.string())
            for column in copy.columns
        ]
    )


def _batches(
    sandbox: SnapshotSandbox, copy: CollectionCopy, types: dict[str, str], order: tuple[str, ...]
) -> Iterator[pa.RecordBatch]:
    table = sql.Identifier(*copy.collection.split(".", 1))
    query = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT (FORMAT csv)").format(
        columns=sql.SQL(", ").join(sql.Identifier(column) for column in copy.columns),
        table=table,
        order=sql.SQL(", ").join(sql.Identifier(column) for column in (order or copy.columns)),
    )
    schema = _arrow_schema(copy, types)
    with sandbox.connection.cursor() as cursor, cursor.copy(query) as rows:
        stream = _CopyStream(rows)
        if not stream.has_any():
            return
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pyarrow.csv.ReadOptions(column_names=list(copy.columns), block_size=_BLOCK_BYTES),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
            ),
        )
        yield from reader


class _CopyStream:
    """The bytes of a COPY as a file that Arrow reads."""

    closed = False

    def __init__(self, rows: psycopg.Copy) -> None:
        self._rows = rows
        self._buffer = bytearray(rows.read())

    def has_any(self) -> bool:
        """False for a table without rows."""
        return bool(self._buffer)

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        while len(self._buffer) < size and (part := self._rows.read()):
            self._buffer += part
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def close(self) -> None:
        """Nothing of its own to close."""
