"""The lake through Ibis: every table is there, written or not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.engine.lake import connect, snapshot_table
from kakuho.engine.parts import table_file
from kakuho.engine.schemas import TABLES
from kakuho.engine.write import write_batches, write_lake_table
from kakuho.errors import KakuhoError


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "it's a case")


def test_tables_that_no_stage_has_written_are_empty_and_typed(case: Case) -> None:
    lake = connect(case)
    for name, declared in TABLES.items():
        table = lake.table(name)
        assert table.count().to_pyarrow().as_py() == 0
        assert table.schema() == ibis.Schema.from_pyarrow(declared.schema)
    lake.disconnect()


def test_written_tables_are_queried_where_they_lie(case: Case) -> None:
    rows = pa.table({"finding_id": ["F1"], "source_id": pa.array([7], pa.int32()), "line": [3]})
    write_lake_table(case.lake, "finding_events", rows)
    lake = connect(case)
    assert lake.table("finding_events").to_pyarrow().to_pylist() == rows.to_pylist()
    assert lake.table("finding_events").to_pyarrow_batches().read_all().to_pylist() == rows.to_pylist()
    assert lake.sql("SELECT line FROM finding_events").to_pyarrow()["line"].to_pylist() == [3]
    assert set(TABLES) <= set(lake.list_tables())
    lake.disconnect()


def test_a_table_in_parts_is_what_its_list_names(case: Case) -> None:
    parts = [{"source_id": 7, "line": line, "byte_offset": 20, "reason": "not_json"} for line in (3, 4, 5)]
    for number, row in enumerate(parts):
        write_lake_table(case.lake / "parsed", "rejects", pa.Table.from_pylist([row]))
        (case.lake / "parsed" / "rejects.parquet").rename(case.lake / "parsed" / f"rejects-{number}.parquet")
    listed = [{"path": f"parsed/rejects-{number}.parquet", "sha256": ""} for number in (0, 2)]
    table_file(case.lake, "rejects").write_text(json.dumps(listed))
    lake = connect(case)
    assert lake.table("rejects").to_pyarrow().to_pylist() == [parts[0], parts[2]]
    lake.disconnect()


def test_a_ledger_event_is_one_row_in_its_part_and_one_row_an_item_in_the_view(case: Case) -> None:
    moment = datetime(2025, 3, 13, 18, 40, 48)  # noqa: DTZ001 - UTC, as all times of the lake
    event = dict.fromkeys(TABLES["ledger_event"].schema.names) | {"time": moment, "source_id": 7, "line": 3}
    shown = [{"subject": "policyholder:1", "set": 11}, {"subject": "clinic:3", "set": 12}]
    items = [(11, 0, "name", False), (11, 1, "name", False), (11, 2, "phone", True), (12, 0, "name", False)]
    _write_parts(case, "ledger_event", [[event | {"shown": shown}], [event | {"line": 9, "shown": shown[1:]}]])
    sets = [dict(zip(("set", "position", "item", "masked"), row, strict=True)) | {"source_id": 7} for row in items]
    _write_parts(case, "item_set", [sets, sets[3:]])
    lake = connect(case)
    rows = lake.sql("SELECT line, subject, item, masked FROM disclosure").order_by(
        ["line", "subject", "item", "masked"]
    )
    assert [tuple(row.values()) for row in rows.to_pyarrow().to_pylist()] == [
        (3, "clinic:3", "name", False),
        (3, "policyholder:1", "name", False),
        (3, "policyholder:1", "name", False),
        (3, "policyholder:1", "phone", True),
        (9, "clinic:3", "name", False),
    ]
    assert lake.table("disclosure").schema() == ibis.Schema.from_pyarrow(TABLES["disclosure"].schema)
    assert table_file(case.lake, "disclosure") == table_file(case.lake, "ledger_event")
    lake.disconnect()


def _write_parts(case: Case, name: str, parts: list[list[dict[str, Any]]]) -> None:
    listed = []
    for number, rows in enumerate(parts):
        table = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
        pq.write_table(table, case.lake / f"{name}-{number}.parquet")
        listed.append({"path": f"{name}-{number}.parquet", "sha256": ""})
    table_file(case.lake, name).write_text(json.dumps(listed))


def test_a_copied_collection_is_a_table_and_one_not_copied_is_told(case: Case) -> None:
    schema = pa.schema([("id", pa.int64()), ("name", pa.string())])
    batch = pa.RecordBatch.from_pylist([{"id": 1, "name": "山田"}], schema=schema)
    write_batches(case.lake / "snapshot" / "policyholder.parquet", schema, [batch])
    lake = connect(case)
    assert snapshot_table(lake, case, "policyholder").name.to_pyarrow().to_pylist() == ["山田"]
    with pytest.raises(KakuhoError) as caught:
        snapshot_table(lake, case, "clinic")
    assert "clinic" in caught.value.what and caught.value.remedy
    lake.disconnect()


def test_nothing_is_fetched_from_the_network(case: Case) -> None:
    lake = connect(case)
    names = "'autoinstall_known_extensions', 'autoload_known_extensions'"
    settings = lake.con.execute(f"select value from duckdb_settings() where name in ({names})").fetchall()
    assert settings == [("false",), ("false",)]
    lake.disconnect()
