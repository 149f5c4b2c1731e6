"""What would help: the pieces that are found, and how many persons each settles by itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.claims import CLAIM_EVENTS, CLAIM_SETS, CLAIMS
from kakuho.exposure.investigated import Investigated, PathState
from kakuho.exposure.missing import Known, Piece, has_possible, what_would_help
from kakuho.inventory import load_inventory

from .verdicts import write_cells

INVENTORY = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
MARCH = dt.datetime(2025, 3, 1)  # noqa: DTZ001 - the lake's times are UTC without a zone
PERSONS = pa.schema([("subject", pa.string()), ("category", pa.string()), ("person_id", pa.string())])


def _day(number: float) -> dt.datetime:
    return MARCH + dt.timedelta(days=number - 1)


def _known(*covered: tuple[str, float, float], states: dict[str, str] | None = None, **more: Any) -> Known:
    """The intruder is seen from the 10th to the 14th; every path but those of ``states`` was closed."""
    paths = tuple(
        PathState(path.id, (states or {}).get(path.id, "closed"), _day(10), _day(14), "", "rule")
        for path in INVENTORY.access_paths
    )
    investigated = Investigated(True, _day(10), _day(14), True, True, (), paths, {})
    coverage = Coverage.of((role, _day(first), _day(last)) for role, first, last in covered)
    return Known(INVENTORY, investigated, coverage, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """holder:1 and holder:2 are one person. The name of all holders is possible by reach (the path ``database.web``,
    whose log has a gap); what the ledger showed of holder:1 and clinic:1 is of two addresses nobody decided on."""
    possible = [("holder", "holder:1", "name"), ("holder", "holder:2", "name"), ("holder", "holder:3", "name"),
                ("holder", "holder:1", "email"), ("clinic", "clinic:1", "name")]  # fmt: skip
    ruled_out = ("holder", "holder:3", "email", "ruled_out", "", "", False)
    write_cells(tmp_path, [*((*cell, "possible", "", "", False) for cell in possible), ruled_out])
    _write(tmp_path, "claims", CLAIMS, [
        ("ledger:3:1", "ledger", "possible", "ledger_undecided", "holder:1", "email"),
        ("ledger:3:2", "ledger", "possible", "ledger_undecided", "clinic:1", "name"),
    ])  # fmt: skip
    _write(
        tmp_path,
        "claim_sets",
        CLAIM_SETS,
        [("reach:database.web:0", "reach", "reach:database.web:gap", "holder", "name")],
    )
    _write(tmp_path, "claim_events", CLAIM_EVENTS, [("ledger:3:1", 3, 1, 0), ("ledger:3:2", 3, 2, 90)])
    _write(tmp_path, "persons", PERSONS, [("holder:1", "holder", "holder:1"), ("holder:2", "holder", "holder:1")])
    return tmp_path


def _write(folder: Path, name: str, schema: pa.Schema, rows: list[tuple[Any, ...]]) -> None:
    columns = [pa.array(values, kind.type) for values, kind in zip(zip(*rows, strict=True), schema, strict=True)]
    pq.write_table(pa.table(columns, schema=schema), folder / f"{name}.parquet")


def _reach(why: str) -> tuple[str, ...]:
    return ("reach:database.web:0", "reach", f"reach:database.web:{why}", "holder", "name")


def _counts(pieces: list[Piece]) -> list[tuple[str, str, int, int, int]]:
    return [(piece.kind, piece.name, piece.persons, piece.records, piece.cells) for piece in pieces]


def test_pieces_are_ranked_by_the_persons_that_each_settles_alone(folder: Path) -> None:
    undecided = {"192.0.2.7": frozenset({(3, 1)}), "192.0.2.8": frozenset({(3, 2)})}
    known = _known(
        ("database_log", 1, 11), ("database_log", 13, 30), states={"database.web": "open"}, undecided=undecided
    )
    assert _counts(what_would_help(folder, known)) == [
        # holder:1's mail address stays open, so of two persons with a possible name only holder:3 is settled
        ("log", "access_log", 1, 2, 3),  # either witness of the path is enough
        ("log", "database_log", 1, 2, 3),
        ("path", "database.web", 1, 2, 3),
        ("address", "192.0.2.8", 1, 1, 1),
        ("address", "192.0.2.7", 0, 0, 1),
    ]


def test_a_missing_log_is_named_with_its_hours(folder: Path) -> None:
    known = _known(("database_log", 1, 11), ("database_log", 13, 30), states={"database.web": "open"})
    log = next(piece for piece in what_would_help(folder, known) if piece.name == "database_log")
    assert log.hours == ((_day(11), _day(13)),)
    assert not log.at_most


def test_a_log_that_was_never_there_lacks_from_the_day_before_the_first_act(folder: Path) -> None:
    known = _known(states={"database.web": "open"})
    # without any log the reason is another one than in the folder, so nothing of it is settled
    assert what_would_help(folder, known) == []
    _write(
        folder,
        "claim_sets",
        CLAIM_SETS,
        [("reach:database.web:0", "reach", "reach:database.web:no_witness", "holder", "name")],
    )
    log = next(piece for piece in what_would_help(folder, known) if piece.name == "database_log")
    assert (log.hours, log.persons) == (((_day(9), _day(14)),), 1)


def test_without_an_indicator_only_an_indicator_helps(folder: Path) -> None:
    _write(folder, "claim_sets", CLAIM_SETS, [("reach:undelimited", "reach", "undelimited", "holder", "name")])
    known = _known()
    undelimited = Known(INVENTORY, Investigated(False, None, None, False, False, (), (), {}), known.coverage)
    assert _counts(what_would_help(folder, undelimited)) == [("indicator", "", 1, 2, 3)]


def test_whether_anything_stays_possible_is_told(folder: Path) -> None:
    assert has_possible(folder)
    write_cells(folder, [("holder", "holder:1", "name", "confirmed", "ledger", "ledger", False)])
    assert not has_possible(folder)
