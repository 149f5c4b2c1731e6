"""Explaining: a person is the union of several records, each item at its strongest, with what shows it below."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.cli import main
from kakuho.engine.schemas import TABLES
from kakuho.engine.write import write_lake_table
from kakuho.errors import UsageError
from kakuho.exposure.claims import Claims, union
from kakuho.exposure.explain import explain_cell, explain_person

from .verdicts import COLUMNS, write_cells

INVENTORY = Path(__file__).parents[1] / "laws" / "inventory.yaml"
REASONS = {
    "ledger": {"method": "ledger", "ja": "台帳にある。", "en": "The ledger has it."},
    "replay_possible": {"method": "replay", "ja": "触れた。", "en": "It was touched."},
    "replay": {"method": "replay", "ja": "再実行した。", "en": "It was replayed."},
    "ruled_out": {"method": "reach", "ja": "否定される。", "en": "Ruled out."},
    "protected:vault": {"method": "protection", "ja": "鍵は守られていた。", "en": "The key was out of reach."},
}
KEPT = "protected:vault"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """holder:1 and clinic:1 are one person, holder:2 another."""
    case = Case.create(tmp_path / "case", name="drill", inventory=INVENTORY)
    folder = case.assessments / "001"
    folder.mkdir()
    rows = [
        ("holder", "holder:1", "name", "confirmed", "ledger", "ledger", False, "direct", False, ""),
        ("holder", "holder:1", "email", "possible", "replay_possible", "replay", False, "derived", False, ""),
        (
            "holder",
            "holder:1",
            "bank_account",
            "confirmed",
            "replay",
            "replay",
            False,
            "direct",
            True,
            "protected:vault",
        ),
        ("clinic", "clinic:1", "name", "ruled_out", "ruled_out", "reach", False, "", False, ""),
        ("clinic", "clinic:1", "bank_account", "possible", "replay_possible", "replay", True, "direct", False, ""),
        ("holder", "holder:2", "name", "ruled_out", "ruled_out", "reach", False, "", False, ""),
    ]
    write_cells(folder, rows, (*COLUMNS, "level", "protected", "protection"))
    claims = union(
        [
            Claims.of(
                claims=pa.table(
                    {
                        "claim_id": ["ledger:3:7", "replay:000000"],
                        "method": ["ledger", "replay"],
                        "certainty": ["confirmed", "possible"],
                        "reason_id": ["ledger", "replay_possible"],
                        "subject": ["holder:1", "holder:1"],
                        "item": ["name", "email"],
                        "level": ["direct", "derived"],
                        "cipher": ["", ""],
                    }
                )
            ),
            Claims.listed("reach", events=[("ledger:3:7", 3, 7, 100)]),
        ]
    )
    pq.write_table(claims.claims, folder / "claims.parquet")
    pq.write_table(claims.sets, folder / "claim_sets.parquet")
    pq.write_table(claims.events, folder / "claim_events.parquet")
    persons = {"subject": ["clinic:1", "holder:1", "holder:2"], "person_id": ["clinic:1", "clinic:1", "holder:2"]}
    pq.write_table(pa.table(persons), folder / "persons.parquet")
    (folder / "reasons.json").write_text(json.dumps(REASONS), encoding="utf-8")
    investigation = {"delimited": True, "window": {}, "paths": [{"id": "host", "state": "closed", "basis": "checked"}]}
    (case.lake / "investigation.json").write_text(json.dumps(investigation), encoding="utf-8")
    return case


def test_a_person_is_the_union_of_the_records_that_are_theirs(case: Case) -> None:
    data = explain_person(case, 1, ["holder:1"]).data
    assert data["persons"] == ["clinic:1"]
    assert [(r["subject"], r["named"]) for r in data["records"]] == [("clinic:1", False), ("holder:1", True)]
    assert [(i["item"], i["verdict"], i["level"], i["protected"]) for i in data["items"]] == [
        ("name", "confirmed", "direct", False),
        ("email", "possible", "derived", False),
        ("bank_account", "confirmed", "direct", False),  # the clinic's number left in clear
    ]


def test_records_of_several_persons_are_told_together_where_somebody_names_them(case: Case) -> None:
    data = explain_person(case, 1, ["holder:2", "holder:1"]).data
    assert data["persons"] == ["clinic:1", "holder:2"]
    (name,) = [item for item in data["items"] if item["item"] == "name"]
    assert [(cell["subject"], cell["verdict"]) for cell in name["cells"]] == [
        ("clinic:1", "ruled_out"),
        ("holder:1", "confirmed"),
        ("holder:2", "ruled_out"),
    ]


def test_each_cell_keeps_its_own_chain(case: Case) -> None:
    (cell,) = explain_cell(case, 1, "holder:1", "name").data["cells"]
    (claim,) = cell["claims"]
    assert (claim["claim_id"], claim["level"], claim["cipher"]) == ("ledger:3:7", "direct", None)
    assert claim["events"] == {"count": 1, "first": [{"file": None, "source_id": 3, "line": 7, "byte_offset": 100}]}


def test_a_record_that_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(UsageError, match="no such record"):
        explain_person(case, 1, ["holder:1", "holder:99"])


def test_a_log_without_addresses_does_not_witness_direct_connections_here_either(case: Case) -> None:
    """The judgement leaves such a log out as a witness; what is told of a path must not say that it witnessed it."""

    def paths() -> dict[str, list[str]]:
        (cell,) = explain_cell(case, 1, "holder:2", "name").data["cells"]
        return {path["path"]: path["unwitnessed"] for path in cell["paths"]}

    _database_log(case, address="[local]")
    assert paths()["database.direct"] is None
    _database_log(case, address=None)
    assert paths()["database.direct"] == "no_witness"


def _database_log(case: Case, address: str | None) -> None:
    at = datetime.fromisoformat("2025-03-10")
    row = {"time": at, "source_id": 2, "line": 1, "byte_offset": 0, "kind": "statement", "statement": "SELECT 1",
           "src_ip": address}  # fmt: skip
    table = pa.Table.from_pylist([row], schema=TABLES["datastore_activity"].schema)
    write_lake_table(case.lake, "datastore_activity", table)
    covered = {"source_id": 2, "role": "database_log", "start": datetime.fromisoformat("2025-01-01"),
               "end": datetime.fromisoformat("2025-12-31")}  # fmt: skip
    coverage = pa.Table.from_pylist([covered], schema=TABLES["coverage"].schema)
    write_lake_table(case.lake, "coverage", coverage)
    window = {"first": "2025-03-10T00:00:00Z", "last": "2025-03-20T00:00:00Z", "start_established": True}
    investigation = {"delimited": True, "window": window, "paths": []}
    (case.lake / "investigation.json").write_text(json.dumps(investigation), encoding="utf-8")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_is_told_in_words_first_which_items_then_what_shows_it(
    case: Case, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakuho.cli.explain.current_case", lambda ctx: case)
    assert main(["--case", str(case.directory), "--lang", language, "explain", "person", "holder:1"]) == 0
    said = capsys.readouterr().out
    if language == "ja":
        assert "この方の記録 2 件: clinic:1（名寄せによる）、holder:1" in said
        assert "値そのものではなく、値から計算されたもの" in said
        assert "鍵は守られていた。" in said
    else:
        assert "Records of this person (2): clinic:1 (linked), holder:1" in said
        assert "Not the value itself but something computed from it" in said
