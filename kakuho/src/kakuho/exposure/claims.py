"""A claim: by these events the attacker could read these items of these subjects, this surely, by this method.

Subjects are listed (``claims``) or meant as all records of a collection (``claim_sets``). Each may say in what form
the item left: ``level``, the value or something computed from it; ``cipher``, the key under which it was encrypted. One
that does not say claims the value itself, in clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ibis
import pyarrow as pa

CLAIMS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("method", pa.string()),
        ("certainty", pa.string()),
        ("reason_id", pa.string()),
        ("subject", pa.string()),
        ("item", pa.string()),
    ]
)
CLAIM_SETS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("method", pa.string()),
        ("reason_id", pa.string()),
        ("collection", pa.string()),
        ("item", pa.string()),
    ]
)
CLAIM_EVENTS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("source_id", pa.int32()),
        ("line", pa.int64()),
        ("byte_offset", pa.int64()),
    ]
)
MASKED = pa.schema([("subject", pa.string()), ("item", pa.string())])

CONFIRMED = "confirmed"
POSSIBLE = "possible"
RULED_OUT = "ruled_out"

FORM = pa.schema([("level", pa.string()), ("cipher", pa.string())])
"""In what form a claimed item left; the last columns of both tables."""
DIRECT = "direct"
"""The value itself, or what gives it away: a part of it, its letters in small, a test of equality."""
DERIVED = "derived"
"""Computed from the value, and no more of it however often it is asked: a hash, a length, a count."""
ANSWER = "answer"
"""One answer about the value (``birth_date < '1990-01-01'``). More of them narrow it down: two are ``direct``."""
CLEAR = ""
"""``cipher`` of what was not encrypted; else it is the id of a key of the inventory."""
_WHOLE = {"level": DIRECT, "cipher": CLEAR}


@dataclass(frozen=True)
class Claims:
    """What a method gives. ``sets`` are possible by nature: nobody can confirm a value that no event names."""

    claims: pa.Table
    sets: pa.Table
    events: pa.Table
    masked: pa.Table

    @classmethod
    def of(
        cls,
        *,
        claims: pa.Table | None = None,
        sets: pa.Table | None = None,
        events: pa.Table | None = None,
        masked: pa.Table | None = None,
    ) -> Claims:
        """Absent parts are empty."""
        return cls(_formed(claims, CLAIMS), _formed(sets, CLAIM_SETS), _as(events, CLAIM_EVENTS), _as(masked, MASKED))

    @classmethod
    def listed(
        cls,
        method: str,
        *,
        claims: Iterable[tuple[str, ...]] = (),
        sets: Iterable[tuple[str, ...]] = (),
        events: Iterable[tuple[str, int, int, int]] = (),
    ) -> Claims:
        """Possible claims: (claim, reason, subject or collection, item), with (level, cipher) behind where they are not
        the value in clear; and (claim, source, line, byte offset).
        """
        whole = tuple(_WHOLE.values())
        rows = [(claim, method, POSSIBLE, reason, subject, item, *(form or whole))
                for claim, reason, subject, item, *form in sorted(claims)]  # fmt: skip
        wide = [(claim, method, reason, collection, item, *(form or whole))
                for claim, reason, collection, item, *form in sorted(sets)]  # fmt: skip
        return cls.of(
            claims=_from_rows(rows, _with_form(CLAIMS)),
            sets=_from_rows(wide, _with_form(CLAIM_SETS)),
            events=_from_rows(sorted(events), CLAIM_EVENTS),
        )


def together(parts: Iterable[Claims]) -> Claims:
    """All of them as they are."""
    found = list(parts)
    return Claims(
        _joined([part.claims for part in found], _with_form(CLAIMS)),
        _joined([part.sets for part in found], _with_form(CLAIM_SETS)),
        _joined([part.events for part in found], CLAIM_EVENTS),
        _joined([part.masked for part in found], MASKED),
    )


def union(parts: Iterable[Claims]) -> Claims:
    """All of them, each row once, sorted: order and repetition of the parts change nothing."""
    found = together(parts)
    return Claims(_once(found.claims), _once(found.sets), _once(found.events), _once(found.masked))


def _from_rows(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _as(table: pa.Table | None, schema: pa.Schema) -> pa.Table:
    return schema.empty_table() if table is None else table.select(schema.names).cast(schema)


def _with_form(schema: pa.Schema) -> pa.Schema:
    return pa.schema([*schema, *FORM])


def _formed(table: pa.Table | None, schema: pa.Schema) -> pa.Table:
    if table is None:
        return _with_form(schema).empty_table()
    for name, value in _WHOLE.items():
        if name not in table.column_names:
            table = table.append_column(name, pa.repeat(value, table.num_rows))
    return _as(table, _with_form(schema))


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([schema.empty_table(), *tables])


def _once(table: pa.Table) -> pa.Table:
    """Each row once, sorted by all columns. Numbers are compared as numbers, text by code point."""
    rows = ibis.memtable(table).distinct().order_by(table.schema.names)
    return rows.to_pyarrow().cast(table.schema)
