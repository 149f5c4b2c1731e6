"""Verdicts as sets: a row for all that stand alike, and every cell comes back as it went in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import hypothesis.strategies as st
import pyarrow as pa
from hypothesis import HealthCheck, given, settings

from kakuho.exposure.verdict_sets import FILE, VERDICTS, pack, read_cells, unpack, write_verdicts

KEYS = st.one_of(
    st.integers(0, 30).map(str),
    st.sampled_from(["007", "-4", "T-1", "a:b", "99999999999999999999", "", "１２", "3 ", "4\n"]),
)


def cell(subject: str, item: str = "name", verdict: str = "possible", reason: str = "host", **more: object) -> dict:
    told = {"method": "reach", "masked": False, "level": "direct", "protected": False, "protection": ""}
    return {"category": "prospect", "subject": subject, "item": item, "verdict": verdict, "reason_id": reason,
            **told, **more}  # fmt: skip


def test_half_a_million_records_that_are_possible_for_one_reason_are_one_row() -> None:
    cells = pa.Table.from_pylist([cell(f"quote:{n}") for n in range(1, 500_001)], schema=VERDICTS)
    (row,) = pack(cells).to_pylist()
    assert (row["collection"], row["item"], row["verdict"], row["cells"]) == ("quote", "name", "possible", 500_000)
    assert row["runs"] == [{"first": 1, "last": 500_000}]
    assert row["keys"] == []


def test_a_record_that_stands_otherwise_parts_the_run() -> None:
    cells = [cell("quote:1"), cell("quote:2", verdict="confirmed", reason="ledger"), cell("quote:3"), cell("quote:T-1")]
    sets = pack(pa.Table.from_pylist(cells, schema=VERDICTS)).to_pylist()
    assert [(row["verdict"], row["runs"], row["keys"], row["cells"]) for row in sets] == [
        ("confirmed", [{"first": 2, "last": 2}], [], 1),
        ("possible", [{"first": 1, "last": 1}, {"first": 3, "last": 3}], ["T-1"], 3),
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["quote", "clinic"]), KEYS, st.sampled_from(["name", "email"])),
        st.sampled_from(["possible", "confirmed"]),
        max_size=40,
    )
)
def test_every_cell_comes_back_and_the_file_does_not_depend_on_the_order(tmp_path: Path, drawn: dict) -> None:
    cells = [cell(f"{collection}:{key}", item, verdict) for (collection, key, item), verdict in drawn.items()]
    table = pa.Table.from_pylist(cells, schema=VERDICTS)
    order = [(name, "ascending") for name in ("category", "subject", "item")]
    assert unpack(pack(table)).to_pylist() == table.sort_by(order).to_pylist()
    written = []
    for rows in (cells, cells[::-1]):
        write_verdicts(tmp_path, pack(pa.Table.from_pylist(rows, schema=VERDICTS)))
        written.append(hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest())
    assert written[0] == written[1]
    with duckdb.connect() as connection:
        read_cells(connection, tmp_path)
        rows = connection.execute("SELECT subject, item, verdict FROM verdicts ORDER BY ALL").fetchall()
    assert rows == sorted((c["subject"], c["item"], c["verdict"]) for c in cells)
