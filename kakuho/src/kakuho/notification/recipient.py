"""Where a person is reached: name, postcode and address of the record that was changed last."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kakuho.errors import KakuhoError
from kakuho.inventory import Collection, Inventory
from kakuho.language import Bilingual
from kakuho.people.columns import part_columns
from kakuho.reporting.addressed import Recipient


def find_recipient(snapshot: Path, inventory: Inventory, subjects: tuple[str, ...]) -> Recipient:
    """The recipient among a person's records; raises KakuhoError where none of them has a name."""
    found: list[tuple[str, str, Recipient]] = []
    for subject in subjects:
        name, _, key = subject.partition(":")
        changed, recipient = _read(snapshot / f"{name}.parquet", inventory.collection(name), inventory, key)
        if recipient is not None and recipient.name:
            found.append((changed, subject, recipient))
    if not found:
        raise KakuhoError(
            Bilingual(ja="宛名となる氏名・名称が記録にありません。", en="no record of this person holds a name"),
            where=str(snapshot),
            remedy=Bilingual(
                ja="通知先が分からない方として、公表による代替の対象にしてください。",
                en="treat the person as one who cannot be reached: the publication stands in",
            ),
        )
    return max(found, key=lambda entry: (bool(entry[2].address), entry[0], entry[1]))[2]


def _read(path: Path, collection: Collection, inventory: Inventory, key: str) -> tuple[str, Recipient | None]:
    columns = part_columns(collection, inventory)
    wanted = [columns.first(part) for part in ("name", "postcode", "address")]
    wanted.append(collection.changed_at)
    with duckdb.connect() as connection:
        there = {row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()}
        chosen = ", ".join(f"{_quoted(c)}::VARCHAR" if c and c in there else "NULL" for c in wanted)
        row = connection.execute(
            f"SELECT {chosen} FROM read_parquet(?) WHERE {_quoted(collection.key)}::VARCHAR = ?", [str(path), key]
        ).fetchone()
    if row is None:
        return "", None
    name, postcode, address, changed = (value or "" for value in row)
    return changed, Recipient(name, _hyphenated(postcode), address)


def _hyphenated(postcode: str) -> str:
    return f"{postcode[:3]}-{postcode[3:]}" if len(postcode) == 7 and postcode.isdigit() else postcode


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
