"""What would help: each piece of evidence or decision that is lacking, and how many persons it alone would settle.

A piece is tried by asking which claims would fall away with it. A cell that is possible is settled by a piece if every
claim that makes it possible falls away (or is replaced by an exact one); a person, if all such cells of the person are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.evidence.witnesses import DAY_BEFORE, LOG_ROLES, Coverage, Interval
from kakuho.exposure.claims import POSSIBLE
from kakuho.exposure.investigated import Investigated, PathState
from kakuho.exposure.methods.reach import period_of, unwitnessed
from kakuho.exposure.verdict_sets import FILE, read_cells
from kakuho.inventory import AccessPath, Inventory


@dataclass(frozen=True)
class Piece:
    """Something that people could still find or decide.

    ``kind``: ``indicator``, ``log`` (``name``: a role; ``hours``: what lacks of it), ``path`` (``name``: an access
    path), ``address`` (``name``: an address), ``snapshot``. ``reasons`` and ``prefixes`` say which claims it makes fall
    away, by reason or by the beginning of their id; ``lines``, by the events they rest on. ``at_most``: the count is a
    bound, since not every such claim need fall: a better one can take its place.
    """

    kind: str
    name: str
    hours: tuple[Interval, ...] = ()
    reasons: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    lines: frozenset[tuple[int, int]] = frozenset()
    at_most: bool = False
    persons: int = 0
    records: int = 0
    cells: int = 0


@dataclass(frozen=True)
class Known:
    """What the pieces are looked for in."""

    inventory: Inventory
    investigated: Investigated
    coverage: Coverage
    undecided: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    """address → (source, line) of the ledger's events there of which it is not decided whose they are."""


def undecided_addresses(attacker: ir.Table, disclosure: ir.Table) -> dict[str, frozenset[tuple[int, int]]]:
    """The ledger's uncertain events by their address."""
    uncertain = attacker.filter((attacker["table"] == "disclosure") & ~attacker.certain).select("source_id", "line")
    rows = disclosure.join(uncertain, ["source_id", "line"]).select("src_ip", "source_id", "line").distinct()
    found: dict[str, set[tuple[int, int]]] = {}
    for row in rows.to_pyarrow().to_pylist():
        if row["src_ip"]:
            found.setdefault(row["src_ip"], set()).add((row["source_id"], row["line"]))
    return {address: frozenset(lines) for address, lines in found.items()}


def what_would_help(folder: Path, known: Known) -> list[Piece]:
    """The pieces that would settle at least one cell of the assessment in ``folder``, the most helpful first."""
    with duckdb.connect() as connection:
        _load(connection, folder)
        counted = [_counted(connection, piece) for piece in _pieces(known)]
    useful = [piece for piece in counted if piece.cells]
    return sorted(useful, key=lambda p: (-p.persons, -p.records, -p.cells, p.kind, p.name))


def has_possible(folder: Path) -> bool:
    """Whether the assessment in ``folder`` calls anything possible."""
    sets = pq.read_table(folder / FILE, columns=["verdict"])
    return POSSIBLE in sets["verdict"].unique().to_pylist()


def _pieces(known: Known) -> Iterator[Piece]:
    if not known.investigated.delimited:
        yield Piece("indicator", "", reasons=frozenset({"undelimited"}))
        return
    open_paths = [
        (path, state)
        for path in known.inventory.access_paths
        if (state := known.investigated.state_of(path.id)).state != "closed"
    ]
    why = {path.id: unwitnessed(path, state, known.coverage, known.investigated) for path, state in open_paths}
    for role in LOG_ROLES:
        yield _log(role, known, open_paths, why)
    for path, _ in open_paths:
        if why[path.id] is not None:
            yield Piece("path", path.id, reasons=frozenset({f"reach:{path.id}:{why[path.id]}"}))
    for address, lines in sorted(known.undecided.items()):
        yield Piece("address", address, lines=lines)
    yield Piece("snapshot", "", reasons=frozenset({"replay_possible", "replay_order", "replay_size"}), at_most=True)


def _log(
    role: str, known: Known, open_paths: Iterable[tuple[AccessPath, PathState]], why: dict[str, str | None]
) -> Piece:
    """A log of this role without a gap, over all the time that any open path needs a witness for."""
    reasons: set[str] = set()
    needed: list[Interval] = []
    for path, state in open_paths:
        period = period_of(state, known.investigated)
        if role not in path.witnesses or period is None or why[path.id] is None:
            continue
        whole = (period[0] - DAY_BEFORE, max(period[1], known.coverage.horizon or period[1]))
        filled = Coverage({**known.coverage.intervals, role: (whole,)})
        if unwitnessed(path, state, filled, known.investigated) is None:
            reasons.add(f"reach:{path.id}:{why[path.id]}")
            needed.append(whole)
    prefixes: set[str] = set()
    if role == "disclosure_ledger":
        told = {path.id for path in known.inventory.access_paths if role in path.witnesses}
        prefixes = {f"route:{identifier}:" for identifier in told}
    if role == "database_log":
        reasons |= {"injection", "injection_order", "injection_size"}
    if not needed and known.investigated.first and known.investigated.last:
        needed = [(known.investigated.first, known.investigated.last)]
    lacking = tuple(_lacking(needed, known.coverage.intervals.get(role, ())))
    return Piece(
        "log",
        role,
        hours=lacking,
        reasons=frozenset(reasons),
        prefixes=frozenset(prefixes),
    )


def _lacking(needed: list[Interval], held: tuple[Interval, ...]) -> Iterator[Interval]:
    """The parts of the needed periods that no interval holds, joined and in order."""
    if not needed:
        return
    at: datetime = min(start for start, _ in needed)
    end = max(stop for _, stop in needed)
    for start, stop in held:
        if at < min(start, end):
            yield at, min(start, end)
        at = max(at, stop)
    if at < end:
        yield at, end


def _load(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """``cell``: what is possible, with its person; ``listed`` and ``held``: the claims that make it so."""

    def file(name: str) -> str:
        return f"read_parquet('{folder / name}.parquet')"

    read_cells(connection, folder)
    connection.execute(f"""
        CREATE TEMP TABLE cell AS
        SELECT v.subject, v.item, split_part(v.subject, ':', 1) AS collection,
            coalesce(p.person_id, v.subject) AS person
        FROM verdicts v LEFT JOIN {file("persons")} p USING (subject) WHERE v.verdict = 'possible';
        CREATE TEMP TABLE listed AS
        SELECT c.claim_id, c.reason_id, c.subject, c.item FROM {file("claims")} c
        SEMI JOIN cell ON cell.subject = c.subject AND cell.item = c.item;
        CREATE TEMP TABLE held AS SELECT claim_id, reason_id, collection, item FROM {file("claim_sets")};
        CREATE TEMP TABLE cited AS SELECT DISTINCT claim_id, source_id, line FROM {file("claim_events")}
        WHERE claim_id LIKE 'ledger:%'
    """)


def _counted(connection: duckdb.DuckDBPyConnection, piece: Piece) -> Piece:
    lines = sorted(piece.lines)
    connection.register(
        "told",
        pa.table(
            {
                "source_id": pa.array([source for source, _ in lines], pa.int32()),
                "line": pa.array([line for _, line in lines], pa.int64()),
            }
        ),
    )
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE replaced AS
        SELECT claim_id FROM cited LEFT JOIN told ON told.source_id = cited.source_id AND told.line = cited.line
        GROUP BY claim_id HAVING bool_and(told.line IS NOT NULL)""")
    stands = """NOT (list_contains($reasons::VARCHAR[], reason_id)
        OR len(list_filter($prefixes::VARCHAR[], lambda p: starts_with(claim_id, p))) > 0
        OR claim_id IN (SELECT claim_id FROM replaced))"""
    rows = connection.execute(
        f"""
        WITH standing AS (
            SELECT cell.* FROM cell SEMI JOIN (SELECT DISTINCT subject, item FROM listed WHERE {stands}) l
                ON l.subject = cell.subject AND l.item = cell.item
            UNION
            SELECT cell.* FROM cell SEMI JOIN (SELECT DISTINCT collection, item FROM held WHERE {stands}) s
                ON s.collection = cell.collection AND s.item = cell.item)
        SELECT (SELECT count(DISTINCT person) FROM cell) - (SELECT count(DISTINCT person) FROM standing),
            (SELECT count(DISTINCT subject) FROM cell) - (SELECT count(DISTINCT subject) FROM standing),
            (SELECT count(*) FROM cell) - (SELECT count(*) FROM standing)""",
        {"reasons": sorted(piece.reasons), "prefixes": sorted(piece.prefixes)},
    ).fetchall()
    persons, records, cells = rows[0]
    exact = connection.execute(
        """SELECT count(*) FROM listed
            WHERE (starts_with(reason_id, 'injection') AND list_contains($reasons::VARCHAR[], reason_id))
            OR len(list_filter($prefixes::VARCHAR[], lambda p: starts_with(claim_id, p))) > 0""",
        {"reasons": sorted(piece.reasons), "prefixes": sorted(piece.prefixes)},
    ).fetchall()
    bound = piece.at_most or exact[0][0] > 0
    return replace(piece, persons=persons, records=records, cells=cells, at_most=bound)
