"""Rows out of PostgreSQL: COPY as CSV, read by Arrow, no row in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from kakuho.engine.restored import CollectionCopy

_BLOCK_BYTES = 4 << 20


def copied_batches(
    connection: psycopg.Connection[tuple[object, ...]], copy: CollectionCopy, schema: pa.Schema, order: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """The rows of a table in ``order``; null and the empty string stay apart."""
    table = sql.Identifier(*copy.collection.split(".", 1))
    query = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT (FORMAT csv)").format(
        columns=sql.SQL(", ").join(sql.Identifier(column) for column in copy.columns),
        table=table,
        order=sql.SQL(", ").join(sql.Identifier(column) for column in order),
    )
    with connection.cursor() as cursor, cursor.copy(query) as rows:
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
