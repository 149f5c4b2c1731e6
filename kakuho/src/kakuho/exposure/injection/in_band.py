"""Values that came home in the answers themselves: UNION, error texts and in-line queries.

An access log does not hold the answers. The queries say which cells went out; each is told with ``value`` None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kakuho.exposure.injection.batches import Batch
from kakuho.exposure.injection.evaluate import Slots
from kakuho.exposure.injection.forms import slots_in
from kakuho.exposure.injection.measures import children, is_hidden
from kakuho.exposure.injection.nodes import Call, Case, Literal, Name, Node, Select
from kakuho.exposure.injection.requests import Requests
from kakuho.exposure.injection.results import DecodedValue
from kakuho.exposure.injection.spelling import join
from kakuho.exposure.injection.targets import Target, column_of, folded, row_of, table_of
from kakuho.exposure.injection.templates import InBand
from kakuho.exposure.injection.tokens import QUOTED


def asked_in_band(requests: Requests, batches: Iterable[Batch]) -> dict[str, list[DecodedValue]]:
    """What was asked for, by technique: one entry a column of a query, its lines all that asked for it."""
    lines: dict[tuple[str, str, str | None], list[int]] = defaultdict(list)
    targets: dict[tuple[str, str, str | None], Target] = {}
    for batch in batches:
        reading = batch.reading
        if not isinstance(reading, InBand):
            continue
        slots = sorted({slot for select in reading.selects for slot in slots_in(select)})
        selects = reading.selects
        found, which = batch.slots.per_combination(slots, lambda texts, of=selects: _targets(of, texts))  # type: ignore[misc]
        for row, number in zip(batch.rows.tolist(), which.tolist(), strict=True):
            for target in found[number]:
                key = (reading.technique, folded(target.query), target.column)
                targets.setdefault(key, target)
                lines[key].append(int(requests.line[row]))
    by_technique: dict[str, list[DecodedValue]] = defaultdict(list)
    for key, target in targets.items():
        by_technique[key[0]].append(
            DecodedValue(target.query, target.table, target.column, target.row, None, False, tuple(sorted(lines[key])))
        )
    return {name: sorted(ones, key=lambda one: one.lines[0]) for name, ones in by_technique.items()}


def _targets(selects: tuple[Select, ...], slots: Slots) -> list[Target]:
    found: dict[tuple[str, str | None], Target] = {}
    for select in selects:
        for inner in _reading_tables(select):
            query = join(inner.tokens, slots)
            table, row = table_of(inner.source, slots), row_of(inner, slots)
            for column in _columns(inner, slots):
                found.setdefault((query, column), Target(query, table, column, row))
    return list(found.values())


def _reading_tables(node: Node) -> list[Select]:
    """The innermost queries that read a table and show something of it."""
    below = [one for child in children(node) for one in _reading_tables(child)]
    if isinstance(node, Select) and not below and table_of(node.source, _NO_SLOTS) is not None:
        return [node] if any(_shown(item) for item in node.items) else []
    return below


class _NoSlots:
    def __getitem__(self, index: int) -> str:
        return "0"

    def __len__(self) -> int:
        return 0


_NO_SLOTS: Slots = _NoSlots()  # type: ignore[assignment]


def _shown(item: Node) -> bool:
    return (
        is_hidden(item)
        or any(isinstance(one, Literal) and one.kind == QUOTED for one in _flat(item))
        or (isinstance(item, Name))
    )


def _flat(node: Node) -> list[Node]:
    return [node, *(one for child in children(node) for one in _flat(child))]


def _columns(select: Select, slots: Slots) -> list[str | None]:
    """Each column that the query shows, of the items and within what puts texts together."""
    found: list[str | None] = []
    for item in select.items:
        found += _columns_of(item, slots)
    return list(dict.fromkeys(found))


def _columns_of(node: Node, slots: Slots) -> list[str | None]:
    if isinstance(node, Name):
        return [node.parts[-1]] if node.parts[-1].upper() not in ("NULL", "TRUE", "FALSE", "DEFAULT") else []
    if isinstance(node, Literal):
        return [column_of(node, slots)] if node.kind == QUOTED else []
    if isinstance(node, Call) and node.name in ("COUNT", "LENGTH", "CHAR_LENGTH", "LEN", "SUM", "ROW_NUMBER"):
        return [column_of(node, slots)]
    if isinstance(node, Case):
        return [one for child in children(node) for one in _columns_of(child, slots)]
    if isinstance(node, Select):
        return []
    if not list(children(node)) and is_hidden(node):
        return [column_of(node, slots)]
    return [one for child in children(node) for one in _columns_of(child, slots)]
