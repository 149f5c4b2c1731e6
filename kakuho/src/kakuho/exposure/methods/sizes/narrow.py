"""Narrows statements that take a row by its place: pages are learnt from known answers, then sizes are matched.

First whole scans against the order in which the table lies, then what is left answer by answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakuho.engine.answers import Answers
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.methods.sizes.order import Row, order_shown
from kakuho.exposure.methods.sizes.page import Page, pages, printed
from kakuho.exposure.methods.sizes.rendered import Snapshot, Table
from kakuho.exposure.methods.sizes.scan import Scan, query_of, scan_of
from kakuho.exposure.sql import POSTGRESQL, Analysis, Schema
from kakuho.exposure.statements import Statement

MOST_KNOWN = 3_000
"""Statements from which a page is learnt; those of a case with more are taken from the front."""
Read = Sequence[tuple[Statement, Analysis]]


@dataclass(frozen=True)
class Narrowed:
    """The only rows of ``table`` that a statement can have taken. ``how``: ``order`` or ``size``."""

    table: str
    keys: frozenset[str]
    how: str


@dataclass(frozen=True)
class _Taken:
    """A statement that took one row by its place. ``size``: of its answers; ``beside``: what else stood on the page."""

    number: int
    statement: Statement
    scan: Scan
    path: str
    size: int
    beside: tuple[tuple[object, ...], ...]
    sure: bool
    """What stood beside is certain."""


def narrowed(read: Read, answers: Answers, schema: Schema, history: History) -> dict[int, Narrowed]:
    """By the statement's number in ``read``. A statement that is not in it stays as wide as replay found it.

    Only PostgreSQL's tables tell how they lay.
    """
    if schema.dialect is not POSTGRESQL:
        return {}
    scans = {
        number: scan
        for number, (statement, analysis) in enumerate(read)
        if _loose(analysis) and _answered(statement) and (scan := scan_of(statement.text, schema)) is not None
    }
    if not scans:
        return {}
    snapshot, replay = Snapshot(answers, schema, history), Replay(answers, schema, history)
    paths = {_path(read[number][0]) for number in scans}
    known = {path: _known(read, path, snapshot, replay) for path in sorted(paths)}
    families: dict[tuple[str, str, tuple[tuple[object, ...], ...]], list[_Taken]] = {}
    for number, scan in scans.items():
        taken = _taken(number, *read[number], scan, snapshot, replay)
        if taken is not None and known[taken.path]:
            families.setdefault((taken.path, scan.output, taken.beside), []).append(taken)
    found: dict[int, Narrowed] = {}
    for (path, _, _), family in families.items():
        found.update(_family(family, known[path], snapshot))
    return found


def _family(family: Sequence[_Taken], known: Sequence[Page], snapshot: Snapshot) -> dict[int, Narrowed]:
    """Statements that differ in the place alone."""
    scan = family[0].scan
    first = min(t.statement.first for t in family if t.statement.first is not None)
    last = max(t.statement.last for t in family if t.statement.last is not None)
    table, outputs = snapshot.table(scan.table, first, last), snapshot.outputs_of(scan.output)
    if table is None or outputs is None:
        return {}
    shown = _by_order(family, known, table, outputs)
    return shown or _by_size(family, known, table, outputs)


Outputs = dict[str, list[tuple[object, ...]]]


def _by_order(family: Sequence[_Taken], known: Sequence[Page], table: Table, outputs: Outputs) -> dict[int, Narrowed]:
    answers: dict[int, int] = {}
    for taken in family:
        if answers.setdefault(taken.scan.offset, taken.size) != taken.size:
            return {}
    if not table.ordered:
        return {}
    for page in known:
        rows = [
            Row(row.key, row.changed, _size(page, family[0], outputs.get(row.key))) for row in table.rows if row.existed
        ]
        shown = order_shown(rows, answers, table.rows_a_page, lost=table.lost)
        if shown is not None:
            return {
                taken.number: Narrowed(taken.scan.table, shown.besides | {shown.named[taken.scan.offset]}, "order")
                for taken in family
            }
    return {}


def _by_size(family: Sequence[_Taken], known: Sequence[Page], table: Table, outputs: Outputs) -> dict[int, Narrowed]:
    """Every row that some reading of the page allows, and all that may have been otherwise then."""
    by_size: dict[int | None, set[str]] = {}
    for row in table.rows:
        for page in known:
            size = None if row.changed else _size(page, family[0], outputs.get(row.key), to_the_longest=True)
            by_size.setdefault(size, set()).add(row.key)
    found = {}
    for taken in family:
        fitting = by_size.get(taken.size)
        if taken.sure and fitting:
            found[taken.number] = Narrowed(taken.scan.table, frozenset(fitting | by_size.get(None, set())), "size")
    return found


def _size(
    page: Page, taken: _Taken, rows: list[tuple[object, ...]] | None, *, to_the_longest: bool = False
) -> int | None:
    """The bytes of the answer with these rows in it. ``to_the_longest``: not told for values longer than any known."""
    own = printed(rows, page.encoding) if rows is not None else None
    beside = printed(taken.beside, page.encoding)
    if own is None or beside is None or (to_the_longest and own.longest > page.longest):
        return None
    return page.size_of(own + beside)


def _taken(
    number: int, statement: Statement, analysis: Analysis, scan: Scan, snapshot: Snapshot, replay: Replay
) -> _Taken | None:
    beside: list[tuple[object, ...]] = []
    for query in scan.beside:
        rows = snapshot.rows_of(query)
        if rows is None:
            return None
        beside += rows
    sizes = {answer.size for answer in statement.answers.values()}
    size = sizes.pop()
    if sizes or size is None:
        return None
    return _Taken(number, statement, scan, _path(statement), size, tuple(beside), _certain(statement, analysis, replay))


def _known(read: Read, path: str, snapshot: Snapshot, replay: Replay) -> list[Page]:
    """The page, as the answers with certain rows show it."""
    answers: list[tuple[list[tuple[object, ...]], int]] = []
    asked = [pair for pair in read if _answered(pair[0]) and _path(pair[0]) == path and not _loose(pair[1])]
    for statement, analysis in asked[:MOST_KNOWN]:
        if any(slot.probed for block in analysis.blocks for slot in block.slots):
            continue
        query = query_of(statement.text, snapshot.schema)
        if query is None or not _certain(statement, analysis, replay):
            continue
        rows = snapshot.rows_of(query.sql("postgres", comments=False))
        if rows:
            answers += [(rows, answer.size) for answer in statement.answers.values() if answer.size is not None]
    return pages(answers)


def _certain(statement: Statement, analysis: Analysis, replay: Replay) -> bool:
    """Whether the snapshot gives what the statement gave, but for a row that it took by its place."""
    if statement.first is None or statement.last is None or analysis.why or analysis.everything:
        return False
    for block in analysis.blocks:
        if block.window is not None and not block.window.order:
            continue
        for rows in replay.rows(block, statement.first, statement.last):
            if rows.keys is None or not all(rows.exact):
                return False
    return True


def _loose(analysis: Analysis) -> bool:
    """Whether rows were cut without an order, in a statement that is understood."""
    if analysis.why or analysis.everything:
        return False
    return any(block.window is not None and not block.window.order for block in analysis.blocks)


def _answered(statement: Statement) -> bool:
    """Every run is known by an answer with bytes, all of one page, and none failed."""
    answers = statement.answers.values()
    if not answers or statement.failed or len({answer.path for answer in answers}) != 1:
        return False
    if any(not 200 <= answer.status < 300 or not answer.size for answer in answers):
        return False
    runs = statement.runs.values()
    return len(runs) <= len(answers) and all(any(a.start <= run <= a.end for a in answers) for run in runs)


def _path(statement: Statement) -> str:
    return next(iter(statement.answers.values())).path


def keys_of(found: Iterable[Narrowed | None]) -> frozenset[str] | None:
    """The rows that several statements can have taken together; None where one of them is not narrowed."""
    keys: set[str] = set()
    for one in found:
        if one is None:
            return None
        keys |= one.keys
    return frozenset(keys)
