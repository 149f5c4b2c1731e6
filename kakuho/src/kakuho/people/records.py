"""All data-subject records of a snapshot as one normalised table, whatever their collections' columns are called."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.errors import KakuhoError
from kakuho.inventory import Collection, Inventory
from kakuho.language import Bilingual
from kakuho.people import normalise
from kakuho.people.columns import part_columns

SINGLE_PARTS = ("birth_date", "gender", "postcode", "address")
MANIFOLD_PARTS = ("phone", "email")
"""A record may have several of these; the k-th is the column ``phone_k``."""


def load_records(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], inventory: Inventory) -> None:
    """Make the table ``record``: node, subject, category, kind, reading, spelling, birth_date, gender, place, contacts.

    Nodes are numbered in the order of the subjects, so that the smallest node is the smallest subject and the order of
    the rows means nothing. Raises ``KakuhoError`` where a record collection is not in the snapshot.
    """
    width = {
        part: max(len(part_columns(collection, inventory).columns.get(part, ())) for collection in inventory.records())
        for part in MANIFOLD_PARTS
    }
    raw = pa.concat_tables(_uniform(tables, collection, inventory, width) for collection in inventory.records())
    node = pc.rank(raw["subject"], tiebreaker="first")
    connection.register("raw_record", raw.append_column("node", node.cast(pa.int64())))
    contacts = [f"'{part}:' || {getattr(normalise, part)(f'{part}_{k}')}" for part in width for k in range(width[part])]
    connection.execute(f"""
        CREATE TEMP TABLE record AS
        SELECT * EXCLUDE (others),
               list_filter(list_append(others, 'place:' || place), lambda c: c IS NOT NULL) AS contacts
        FROM (SELECT node, subject, category, kind, reading, spelling,
                     {normalise.birth_date("birth_date")} AS birth_date, {normalise.gender("gender")} AS gender,
                     {normalise.postcode("postcode")} || '|' || {normalise.address("address")} AS place,
                     [{", ".join(contacts)}]::VARCHAR[] AS others
              FROM raw_record)""")


def _uniform(
    tables: Mapping[str, pa.Table], collection: Collection, inventory: Inventory, width: Mapping[str, int]
) -> pa.Table:
    """One collection's records with the parts as columns, NFKC text; a part that it lacks is null."""
    if collection.name not in tables:
        raise KakuhoError(
            Bilingual(
                ja=f"スナップショットに {collection.name} の表がありません。",
                en=f"the snapshot has no table for the records of {collection.name!r}",
            ),
            where=f"lake/snapshot/{collection.name}.parquet",
            remedy=Bilingual(
                ja="スナップショットを証拠に加えるか、目録のコレクション名を直してください。",
                en="add the snapshot to the evidence, or correct the inventory's collection",
            ),
        )
    table = tables[collection.name]
    columns = part_columns(collection, inventory)
    category = inventory.category(str(collection.record_of))
    rows = table.num_rows
    wanted = {part: columns.first(part) for part in SINGLE_PARTS}
    for part, count in width.items():
        found = columns.columns.get(part, ())
        wanted.update({f"{part}_{k}": found[k] if k < len(found) else None for k in range(count)})
    key = pc.cast(table[collection.key], pa.string())
    return pa.table(
        {
            "subject": pc.binary_join_element_wise(pa.scalar(collection.name), key, ":"),
            "category": pa.repeat(pa.scalar(category.id), rows),
            "kind": pa.repeat(pa.scalar(category.kind), rows),
            "reading": normalise.reading(_width_folded(table, columns.first("reading"))),
            "spelling": normalise.spelling(_width_folded(table, columns.first("name"))),
            **{name: _width_folded(table, column) for name, column in wanted.items()},
        }
    )


def _width_folded(table: pa.Table, column: str | None) -> pa.Array | pa.ChunkedArray:
    if column is None or column not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    return pc.utf8_normalize(pc.cast(table[column], pa.string()), form="NFKC")
