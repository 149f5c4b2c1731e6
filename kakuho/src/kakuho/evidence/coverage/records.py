"""Which sources together are one log: the files of a series, and files that follow each other without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kakuho.evidence.coverage.source import CoveredSource


def records_of(sources: Sequence[CoveredSource], spans: dict[int, tuple[int, int]]) -> list[tuple[CoveredSource, ...]]:
    """The sources of one role, grouped into logs; each group and the groups in the order of source ids.

    Sources of one series are one log. Series of one format of which none overlaps another in time are taken for one log
    too, rotated under names that do not show it: what lies between them is then held against the rhythm of all.
    """
    series: dict[tuple[str, str], list[CoveredSource]] = {}
    for source in sorted(sources, key=lambda one: one.source_id):
        series.setdefault((source.format, source.series), []).append(source)
    records: list[tuple[CoveredSource, ...]] = []
    for name in sorted({format_name for format_name, _ in series}):
        groups = [group for (format_name, _), group in series.items() if format_name == name]
        if _follow_each_other(groups, spans):
            groups = [sorted((one for group in groups for one in group), key=lambda one: one.source_id)]
        records += [tuple(group) for group in groups]
    return sorted(records, key=lambda record: record[0].source_id)


def _follow_each_other(groups: Sequence[Sequence[CoveredSource]], spans: dict[int, tuple[int, int]]) -> bool:
    reaches = []
    for group in groups:
        of_group = [spans[source.source_id] for source in group if source.source_id in spans]
        if of_group:
            reaches.append((min(first for first, _ in of_group), max(last for _, last in of_group)))
    reaches.sort()
    return all(before[1] <= after[0] for before, after in pairwise(reaches))
