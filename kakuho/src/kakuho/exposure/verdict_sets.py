"""Verdicts as sets: one row for all cells of a collection and item that stand alike, whole ranges of keys in it.

    category  collection  item   verdict   reason_id          cells    runs                     keys
    prospect  quote       email  possible  reach:host:no_…  287,113  [(1, 40112), (40114, …)]  []

A key written as a whole number lies in ``runs`` (first and last of keys without a gap), any other in ``keys``. Half a
million records that are possible for one reason are one row. Everybody who wants cells asks :func:`expanded`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.engine.backend import LakeBackend
from kakuho.errors import UsageError
from kakuho.exposure.claims import DIRECT
from kakuho.language import Bilingual

STANDING = pa.schema(
    [
        ("verdict", pa.string()),
        ("reason_id", pa.string()),
        ("method", pa.string()),
        ("masked", pa.bool_()),
        ("level", pa.string()),
        ("protected", pa.bool_()),
        ("protection", pa.string()),
    ]
)
"""How a cell stands. ``level``: ``direct`` or ``derived``, empty where ruled out; ``protection``: a reason's id."""
VERDICTS = pa.schema([("category", pa.string()), ("subject", pa.string()), ("item", pa.string()), *STANDING])
_RUNS = pa.list_(pa.struct([("first", pa.int64()), ("last", pa.int64())]))
VERDICT_SETS = pa.schema(
    [
        ("category", pa.string()),
        ("collection", pa.string()),
        ("item", pa.string()),
        *STANDING,
        ("cells", pa.int64()),
        ("runs", _RUNS),
        ("keys", pa.list_(pa.string())),
    ]
)
FILE = "verdicts.parquet"
_WHOLE = r"^(?:0|[1-9][0-9]{0,17})\z"
"""Keys that a number of 64 bits gives back as they are written."""
_WHOLLY = {"level": DIRECT, "protected": False, "protection": ""}
_ENCODED = {f"runs.list.element.{end}": "DELTA_BINARY_PACKED" for end in ("first", "last")}


def packed(cells: ir.Table, alike: tuple[str, ...]) -> ir.Table:
    """``cells``: ``subject`` and the columns ``alike``, once each → a row for each of these, with its cells as a set.

    Columns: ``alike``, ``cells``, ``runs``, ``keys``.
    """
    place = cells.subject.find(":")
    keyed = cells.mutate(key=cells.subject.substr(place + 1))
    keyed = keyed.mutate(number=keyed.key.re_search(_WHOLE).ifelse(keyed.key, None).cast("int64"))
    numbered = keyed.filter(keyed.number.notnull()).select(*alike, "number")
    # keys without a gap keep the same distance from their place in the order
    island = numbered.number - ibis.row_number().over(group_by=list(alike), order_by=numbered.number)
    runs = numbered.mutate(island=island).group_by(*alike, "island").agg(
        first=lambda t: t.number.min(), last=lambda t: t.number.max()
    )  # fmt: skip
    none = {"key": ibis.literal(None, "string"), "first": ibis.literal(None, "int64")}
    whole = runs.select(*alike, "first", "last", key=none["key"], count=runs["last"] - runs["first"] + 1)
    other = keyed.filter(keyed.number.isnull()).select(
        *alike, first=none["first"], last=none["first"], key="key", count=ibis.literal(1, "int64")
    )
    pieces = whole.union(other)
    return pieces.group_by(*alike).agg(
        cells=lambda t: t["count"].sum(),
        runs=lambda t: ibis.struct({"first": t["first"], "last": t["last"]}).collect(
            where=t["first"].notnull(), order_by=t["first"]
        ),
        keys=lambda t: t["key"].collect(where=t["key"].notnull(), order_by=t["key"]),
    )


def expanded(sets: ir.Table) -> ir.Table:
    """A row a cell, as in ``VERDICTS``, in no order."""
    told = ["category", "collection", "item", *STANDING.names]
    run = sets.select(*told, run=sets["runs"].unnest())
    whole = run.select(*told, number=ibis.range(run.run["first"], run.run["last"] + 1).unnest())
    named = whole.select(*told, key=whole.number.cast("string")).union(sets.select(*told, key=sets["keys"].unnest()))
    return named.mutate(subject=named.collection + ":" + named.key).select(VERDICTS.names)


def read_cells(connection: duckdb.DuckDBPyConnection, folder: Path, name: str = "verdicts") -> None:
    """Give the connection a view ``name``: a row for each cell of the assessment in ``folder``, as in ``VERDICTS``."""
    backend = LakeBackend.from_connection(connection)
    sets = backend.read_parquet(str(folder / FILE), table_name=f"{name}_as_sets")
    if not set(VERDICT_SETS.names) <= set(sets.columns):
        raise UsageError(
            Bilingual(
                ja="この評価は以前の版が作ったもので、判定を読めません。",
                en="this assessment was made by an earlier version: its verdicts cannot be read",
            ),
            where=str(folder / FILE),
            remedy=Bilingual(ja="kakuho assess を実行し直してください。", en="run kakuho assess again"),
        )
    backend.create_view(name, expanded(sets))


def cells_of(connection: duckdb.DuckDBPyConnection, sets: pa.Table, name: str = "verdicts") -> None:
    """The same, of sets at hand."""
    connection.register(f"{name}_as_sets", sets)
    backend = LakeBackend.from_connection(connection)
    backend.create_view(name, expanded(backend.table(f"{name}_as_sets")))


def in_order(sets: pa.Table) -> pa.Table:
    """Rows as in ``VERDICT_SETS``, in the one order that they are written in."""
    named = [name for name in VERDICT_SETS.names if name not in ("cells", "runs", "keys")]
    table = sets.select(VERDICT_SETS.names)
    for name in ("runs", "keys"):
        kind = VERDICT_SETS.field(name).type
        filled = pa.compute.if_else(pa.compute.is_null(table[name]), pa.scalar([], kind), table[name].cast(kind))
        table = table.set_column(table.column_names.index(name), name, filled)
    return table.cast(VERDICT_SETS).sort_by([(name, "ascending") for name in named])


def write_verdicts(folder: Path, sets: pa.Table) -> None:
    """``folder/verdicts.parquet``; the same sets give the same bytes. Of keys in order the differences are kept."""
    pq.write_table(
        in_order(sets),
        folder / FILE,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=_ENCODED,
    )


def pack(cells: pa.Table) -> pa.Table:
    """Cells as in ``VERDICTS`` → rows as in ``VERDICT_SETS``. What is not said of a cell left whole and in clear."""
    for name, value in _WHOLLY.items():
        if name not in cells.column_names:
            cells = cells.append_column(name, pa.array([value] * cells.num_rows, STANDING.field(name).type))
    rows = ibis.memtable(cells.select(VERDICTS.names).cast(VERDICTS))
    rows = rows.mutate(collection=rows.subject.split(":")[0])
    return in_order(packed(rows, ("category", "collection", "item", *STANDING.names)).to_pyarrow())


def unpack(sets: pa.Table) -> pa.Table:
    """The other way round, sorted by category, subject, item."""
    rows = expanded(ibis.memtable(sets)).to_pyarrow().select(VERDICTS.names).cast(VERDICTS)
    return rows.sort_by([("category", "ascending"), ("subject", "ascending"), ("item", "ascending")])
