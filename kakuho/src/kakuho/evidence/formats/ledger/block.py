"""A block of a ledger's lines: canonical events column-wise, every other line one by one, the chain over both."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kakuho.engine.schemas import part_schema
from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.ledger.canonical import CanonicalEvents, canonical_events
from kakuho.evidence.formats.ledger.chain import Break, Chain
from kakuho.evidence.formats.ledger.chain_rows import careful_rows, chain_rows
from kakuho.evidence.formats.ledger.columns import texts_at
from kakuho.evidence.formats.ledger.disclosures import Shown, shown_by
from kakuho.evidence.formats.ledger.item_sets import Items, key_of, table_of
from kakuho.evidence.formats.ledger.records import COMMON, LedgerLine, ledger_line
from kakuho.evidence.formats.rows import in_line_order

ROLE = "disclosure_ledger"
_ROWS = part_schema("ledger_event")


@dataclass
class _Found:
    """What the careful path found: rows, the item sets that they name, lines of the chain by their position."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    sets: list[Items] = field(default_factory=list)
    chain: list[tuple[int, int, str]] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)

    def note(self, ended: Break | None) -> None:
        if ended is not None:
            self.breaks.append(ended)


def read_lines(block: LineBlock, chain: Chain) -> Part:
    """What a block holds; ``chain`` is how it stood before, and afterwards how it stands behind."""
    events, shown = _fast(block, chain)
    part, found = Part(lines=len(block), events=len(events.index)), _Found()
    _follow(block, events, chain, part, found)
    part.facts["breaks"] = found.breaks
    part.tables["ledger_event"] = _rows(block, events, shown, found)
    part.tables["item_set"] = table_of([*shown.sets, *found.sets])
    part.tables["ledger_chain"] = chain_rows(events, found.chain)
    return part


def read_carefully(block: LineBlock, chain: Chain) -> Part:
    """The same without the fast path."""
    part, found = Part(lines=len(block)), _Found()
    for index, (number, offset, raw) in enumerate(block.lines()):
        _take_carefully(index, number, offset, raw, chain, part, found)
    part.facts["breaks"] = found.breaks
    part.tables["ledger_event"] = _careful_rows(found)
    part.tables["item_set"] = table_of(found.sets)
    part.tables["ledger_chain"] = careful_rows([(seq, claimed) for _, seq, claimed in found.chain])
    return part


def _fast(block: LineBlock, chain: Chain) -> tuple[CanonicalEvents, Shown]:
    events = canonical_events(block, keyed=chain.keyed)
    shown, readable = shown_by(block.data, events)
    return events.only(readable), shown


def _follow(block: LineBlock, events: CanonicalEvents, chain: Chain, part: Part, found: _Found) -> None:
    """Follow the chain in the order of the lines; a run of events that follow each other is one step."""
    firsts = np.flatnonzero(~events.follows)
    lasts = np.append(firsts[1:], len(events.index)) - 1 if len(firsts) else firsts
    is_careful = np.ones(len(block), np.bool_)
    is_careful[events.index] = False
    careful = iter([*np.flatnonzero(is_careful).tolist(), len(block)])
    waiting = next(careful)
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        while waiting < events.index[first]:
            _one(block, waiting, chain, part, found)
            waiting = next(careful)
        found.note(
            chain.take(
                int(events.seq[first]),
                events.previous[first].tobytes().decode(),
                events.hashes[first].tobytes().decode(),
                events.stamps[first].tobytes().decode(),
            )
        )
        chain.seq, chain.hash = int(events.seq[last]), events.hashes[last].tobytes().decode()
        chain.last_time = events.stamps[last].tobytes().decode()
    while waiting < len(block):
        _one(block, waiting, chain, part, found)
        waiting = next(careful)


def _one(block: LineBlock, index: int, chain: Chain, part: Part, found: _Found) -> None:
    ((number, offset, raw),) = block.part(index, index + 1).lines()
    _take_carefully(index, number, offset, raw, chain, part, found)


def _take_carefully(index: int, number: int, offset: int, raw: bytes, chain: Chain, part: Part, found: _Found) -> None:
    if not raw.strip():
        part.ignored["blank"] += 1
        return
    line = ledger_line(raw)
    if isinstance(line, str):
        chain.reject(line)
        part.reject(number, offset, line)
        return
    if not chain.is_authentic(raw, line):
        chain.take_changed(line.seq, line.hash)
        part.reject(number, offset, "hash_wrong")
        return
    found.note(chain.take(line.seq, line.prev, line.hash, line.time))
    found.chain.append((index, line.seq, line.hash))
    if line.is_header:
        part.ignored["header"] += 1
    else:
        part.events += 1
        if any(items for _, items in line.shown):
            found.rows.append(_row_of(line, number, offset))
            found.sets += [items for _, items in line.shown]


def _row_of(line: LedgerLine, number: int, offset: int) -> tuple[object, ...]:
    shown = [{"subject": subject, "set": key_of(items)} for subject, items in line.shown]
    return (line.at, number, offset, line.segment, line.seq, *line.common, shown)


def _careful_rows(found: _Found) -> pa.Table:
    columns = zip(*found.rows, strict=True) if found.rows else [()] * len(_ROWS.names)
    names = ("time", "line", "byte_offset", "segment", "seq", *COMMON, "shown")
    return pa.table(
        {name: pa.array(column, _ROWS.field(name).type) for name, column in zip(names, columns, strict=True)}
    ).select(_ROWS.names)


def _rows(block: LineBlock, events: CanonicalEvents, shown: Shown, found: _Found) -> pa.Table:
    """The events of both paths that show something, in the order of their lines."""
    columns: dict[str, pa.Array] = {
        "time": pa.array(events.times).view(_ROWS.field("time").type),
        "line": pa.array(events.index + block.first_line),
        "byte_offset": pa.array(block.starts[events.index] + block.byte_offset),
        "seq": pa.array(events.seq),
        "status": pa.array(events.status.astype(np.int32)),
        "shown": _shown(shown),
    }
    for name, places in events.texts.items():
        columns[name] = texts_at(block.data, places.begins, places.ends, places.present)
    for name, coded in events.coded.items():
        columns[name] = coded.texts()
    columns["route"] = columns["route"].dictionary_encode()
    rows = pa.table([columns[name] for name in _ROWS.names], names=_ROWS.names)
    if () in shown.sets:
        rows = rows.filter(pa.array(shown.shows_any))
    if not found.rows:
        return rows
    careful = _careful_rows(found)
    alike = [column.cast(declared.type) for column, declared in zip(careful.columns, rows.schema, strict=True)]
    return in_line_order([rows, pa.table(alike, schema=rows.schema)])


def _shown(shown: Shown) -> pa.Array:
    keys = np.array([*(key_of(items) for items in shown.sets), 0], np.int64)
    entries = pa.StructArray.from_arrays(
        [shown.subject, pa.array(keys[shown.set_of])], fields=list(_ROWS.field("shown").type.value_type)
    )
    ends = np.concatenate(([0], np.cumsum(shown.counts))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), entries, type=_ROWS.field("shown").type)
