"""Narrows statements that take a row by its place: pages are learnt from known answers, then sizes are matched.

First whole scans against the order in which the table lies, then what is left answer by answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakuho.engine.answers import Answers
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.methods.sizes.order import Row, order_shown
from kakuho.exposure.methods.sizes.page import Page, Printed, pages, printed
from kakuho.exposure.methods.sizes.rendered import Snapshot, Table
from kakuho.exposure.methods.sizes.scan import Scan, query_of, scan_of
from kakuho.exposure.sql import POSTGRESQL, Analysis, Schema
from kakuho.exposure.statements import Statement

MOST_KNOWN = 3_000
"""Statements from which a page is learnt; those of a case with more are taken from the front."""
Read = Sequence[tuple[Statement, Analysis]]


@dataclass(frozen=True)
class Narrowed:
    """The only rows of ``table`` that a statement can have taken. ``how``: ``order`` or ``size``.

    ``steady``: those of them that are as they were.
    """

    table: str
    keys: frozenset[str]
    how: str
    steady: frozenset[str]


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


@dataclass(frozen=True)
class _Known:
    """What a path's pages are like. ``certain``: by answers whose rows are certain; ``presumed``: else by all answers,
    as the snapshot would give them today, if every one agrees. A scan is shown by its own sizes, so that is enough for
    it."""

    certain: Sequence[Page]
    presumed: Sequence[Page]


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
        if taken is not None and known[taken.path].presumed:
            families.setdefault((taken.path, scan.output, taken.beside), []).append(taken)
    found: dict[int, Narrowed] = {}
    for (path, _, _), family in families.items():
        found.update(_family(family, known[path], snapshot))
    return found


def _family(family: Sequence[_Taken], known: _Known, snapshot: Snapshot) -> dict[int, Narrowed]:
    """Statements that differ in the place alone."""
    scan = family[0].scan
    first = min(t.statement.first for t in family if t.statement.first is not None)
    last = max(t.statement.last for t in family if t.statement.last is not None)
    table, outputs = snapshot.table(scan.table, first, last), snapshot.outputs_of(scan.output)
    if table is None or outputs is None:
        return {}
    shown = _by_order(family, known.presumed, table, outputs)
    return shown or _by_size(family, known.certain, table, outputs)


Outputs = dict[str, list[tuple[object, ...]]]


def _by_order(family: Sequence[_Taken], known: Sequence[Page], table: Table, outputs: Outputs) -> dict[int, Narrowed]:
    answers: dict[int, int] = {}
    for taken in family:
        if answers.setdefault(taken.scan.offset, taken.size) != taken.size:
            return {}
    if not table.ordered:
        return {}
    unchanged = frozenset(row.key for row in table.rows if not row.changed)
    for page in known:
        rows, relative = _sized(page, family[0], table, outputs)
        shown = order_shown(rows, answers, table.rows_a_page, lost=table.lost, still=table.still, relative=relative)
        if shown is None:
            continue
        named = {taken.number: shown.besides | {shown.named[taken.scan.offset]} for taken in family}
        return {n: Narrowed(family[0].scan.table, keys, "order", keys & unchanged) for n, keys in named.items()}
    return {}


def _sized(page: Page, taken: _Taken, table: Table, outputs: Outputs) -> tuple[list[Row], bool]:
    """The rows that existed, with the size of the answer each would give; true where an unknown amount is missing.

    Known answers with other numbers of rows and empty values may not settle what this kind of answer adds; but it is
    the same for all rows with as many empty values.
    """
    existed = [row for row in table.rows if row.existed]
    prints = {row.key: _printed(page, taken, outputs.get(row.key)) for row in existed}
    kinds = Counter((what.rows, what.nulls) for what in prints.values() if what is not None)
    usual = max(sorted(kinds), key=lambda kind: kinds[kind], default=None)
    sizes = {key: page.size_of(what) for key, what in prints.items()}
    if any(size is not None for size in sizes.values()):
        return [Row(row.key, row.changed, sizes[row.key]) for row in existed], False
    lengths = {
        key: what.length for key, what in prints.items() if what is not None and (what.rows, what.nulls) == usual
    }
    return [Row(row.key, row.changed, lengths.get(row.key)) for row in existed], True


def _by_size(family: Sequence[_Taken], known: Sequence[Page], table: Table, outputs: Outputs) -> dict[int, Narrowed]:
    """Every row that some reading of the page allows, and all that may have been otherwise then."""
    by_size: dict[int | None, set[str]] = {}
    unchanged = frozenset(row.key for row in table.rows if not row.changed)
    for row in table.rows:
        for page in known:
            size = None if row.changed else _size(page, family[0], outputs.get(row.key), to_the_longest=True)
            by_size.setdefault(size, set()).add(row.key)
    found = {}
    for taken in family:
        fitting = by_size.get(taken.size)
        if taken.sure and fitting:
            keys = frozenset(fitting | by_size.get(None, set()))
            found[taken.number] = Narrowed(taken.scan.table, keys, "size", keys & unchanged)
    return found


def _size(
    page: Page, taken: _Taken, rows: list[tuple[object, ...]] | None, *, to_the_longest: bool = False
) -> int | None:
    """The bytes of the answer with these rows in it. ``to_the_longest``: not told for values longer than any known."""
    what = _printed(page, taken, rows)
    if to_the_longest and what is not None and what.longest > page.longest:
        return None
    return page.size_of(what)


def _printed(page: Page, taken: _Taken, rows: list[tuple[object, ...]] | None) -> Printed | None:
    """What stands on the page with these rows in it."""
    own = printed(rows, page.encoding) if rows is not None else None
    beside = printed(taken.beside, page.encoding)
    return None if own is None or beside is None else own + beside


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


def _known(read: Read, path: str, snapshot: Snapshot, replay: Replay) -> _Known:
    """The pages, as the answers to statements that take no row by its place show them."""
    answers: list[tuple[list[tuple[object, ...]], int]] = []
    sure: list[tuple[list[tuple[object, ...]], int]] = []
    asked = [pair for pair in read if _answered(pair[0]) and _path(pair[0]) == path and _is_plain(pair[1])]
    for statement, analysis in asked[:MOST_KNOWN]:
        query = query_of(statement.text, snapshot.schema)
        rows = snapshot.rows_of(query.sql("postgres", comments=False)) if query is not None else None
        if rows:
            found = [(rows, answer.size) for answer in statement.answers.values() if answer.size is not None]
            answers += found
            sure += found if _certain(statement, analysis, replay) else []
    certain = pages(sure)
    return _Known(certain, certain or pages(answers))


def _is_plain(analysis: Analysis) -> bool:
    """Whether the statement is understood, takes no row by its place and asks nothing but for what it gives."""
    probes = any(slot.probed for block in analysis.blocks for slot in block.slots)
    return not (analysis.why or analysis.everything or probes or _loose(analysis))


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


def left_by_all(found: Iterable[Narrowed | None]) -> Narrowed | None:
    """The rows that several statements can have taken together; None where one of them is not narrowed."""
    every = list(found)
    known = [one for one in every if one is not None]
    if not known or len(known) < len(every):
        return None
    keys = frozenset().union(*(one.keys for one in known))
    changed = frozenset().union(*(one.keys - one.steady for one in known))
    how = "size" if any(one.how == "size" for one in known) else "order"
    return Narrowed(known[0].table, keys, how, keys - changed)
