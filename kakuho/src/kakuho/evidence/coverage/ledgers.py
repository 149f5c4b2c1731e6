"""The segments and checkpoints of the disclosure ledger, out of the parsed folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow.compute as pc
import pyarrow.dataset as ds

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
    named = pc.field("seq").isin(sorted(wanted))
    rows = ds.dataset([str(path) for path in files], format="parquet").to_table(filter=named).to_pylist()
    return {row["seq"]: row["other"] if row["digest"] is None else row["digest"].hex() for row in rows}
