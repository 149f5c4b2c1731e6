"""The segments and checkpoints of the disclosure ledger, out of the parsed folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.parts import read_rows
from kakuho.evidence.coverage.interval import Interval
from kakuho.evidence.coverage.ledger import Segment, ledger_intervals
from kakuho.evidence.coverage.source import CoveredSource


def of_ledger(sources: Sequence[CoveredSource]) -> tuple[list[Interval], list[Interval]]:
    """What the ledger's segments cover, and the gaps that chain and checkpoints show."""
    checkpoints = [(one.source_id, one.facts["checkpoints"]) for one in sources if "checkpoints" in one.facts]
    marked: dict[str, set[int]] = {}
    for _, by_segment in checkpoints:
        for name, marks in by_segment.items():
            marked.setdefault(name, set()).update(int(mark["seq"]) for mark in marks)
    segments = [
        Segment(one.source_id, one.facts, _hashes(one, marked.get(str(one.facts["segment"]), ())).get)
        for one in sources
        if "segment" in one.facts
    ]
    return ledger_intervals(segments, checkpoints)


def _hashes(source: CoveredSource, wanted: Iterable[int]) -> dict[int, str]:
    """The hashes of the lines that a checkpoint names."""
    files = source.files("ledger_chain")
    if not files:
        return {}
    named = pa.array(sorted(wanted), pa.int64())
    found: dict[int, str] = {}
    for path in files:
        rows = read_rows(path, ["seq", "digest", "other"])
        for row in rows.filter(pc.is_in(rows["seq"], named)).to_pylist():
            found[row["seq"]] = row["other"] if row["digest"] is None else row["digest"].hex()
    return found
