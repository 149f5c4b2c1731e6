"""A block of a ledger's lines: canonical events column-wise, every other line one by one, the chain over both."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.schemas import part_schema
from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.ledger.canonical import CanonicalEvents, canonical_events
from kakuho.evidence.formats.ledger.chain import Break, Chain
from kakuho.evidence.formats.ledger.columns import Places, texts_at
from kakuho.evidence.formats.ledger.disclosures import Shown, shown_by
from kakuho.evidence.formats.ledger.records import COMMON, LedgerLine, ledger_line

ROLE = "disclosure_ledger"
_ROWS = part_schema("disclosure")
_CHAIN = part_schema("ledger_chain")
_LINE = _ROWS.names.index("line")


@dataclass
class _Found:
    """What the careful path found: rows, and lines of the chain with their position in the block."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
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
    part.tables["disclosure"] = _rows(block, events, shown, found)
    part.tables["ledger_chain"] = _chain_rows(events, found)
    return part


def read_carefully(block: LineBlock, chain: Chain) -> Part:
    """The same without the fast path."""
    part, found = Part(lines=len(block)), _Found()
    for index, (number, offset, raw) in enumerate(block.lines()):
        _take_carefully(index, number, offset, raw, chain, part, found)
    part.facts["breaks"] = found.breaks
    part.tables["disclosure"] = _careful_rows(found)
    part.tables["ledger_chain"] = _careful_chain(found)
    return part


def _fast(block: LineBlock, chain: Chain) -> tuple[CanonicalEvents, Shown]:
    events = canonical_events(block, keyed=chain.keyed)
    shown, readable = shown_by(block.data, events.braces, *events.disclosures)
    if readable.all():
        return events, shown
    events = events.only(readable)
    return events, shown_by(block.data, events.braces, *events.disclosures)[0]


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
        found.rows += _rows_of(line, number, offset)


def _rows_of(line: LedgerLine, number: int, offset: int) -> list[tuple[object, ...]]:
    common = (line.at, number, offset, line.segment, line.seq, *line.common)
    return [(*common, *shown) for shown in line.shown]


def _careful_rows(found: _Found) -> pa.Table:
    columns = zip(*found.rows, strict=True) if found.rows else [()] * len(_ROWS.names)
    names = ("time", "line", "byte_offset", "segment", "seq", *COMMON, "subject", "item", "masked")
    return pa.table(
        {name: pa.array(column, _ROWS.field(name).type) for name, column in zip(names, columns, strict=True)}
    ).select(_ROWS.names)


def _careful_chain(found: _Found) -> pa.Table:
    _, seq, hashes = zip(*found.chain, strict=True) if found.chain else ((), (), ())
    return pa.table({"seq": seq, "hash": hashes}, schema=_CHAIN)


def _rows(block: LineBlock, events: CanonicalEvents, shown: Shown, found: _Found) -> pa.Table:
    """The rows of both paths in the order of the lines. What repeats over many rows stays a dictionary."""
    counts = np.bincount(shown.event, minlength=len(events.index))

    def each(values: Places) -> pa.Array:
        return pa.array(np.repeat(values, counts))

    columns: dict[str, pa.Array] = {
        "time": each(events.times).view(pa.timestamp("us")),
        "line": each(events.index + block.first_line),
        "byte_offset": each(block.starts[events.index] + block.byte_offset),
        "seq": each(events.seq),
        "status": each(events.status.astype(np.int32)),
        "subject": shown.subject,
        "item": shown.item,
        "masked": pa.array(shown.masked),
    }
    for name, places in events.texts.items():
        texts = texts_at(block.data, places.begins, places.ends, places.present).dictionary_encode()
        codes = texts.indices.fill_null(0).to_numpy()
        absent = None if places.present.all() else np.repeat(~places.present, counts)
        indices = pa.array(np.repeat(codes, counts), mask=absent)
        columns[name] = pa.DictionaryArray.from_arrays(indices, texts.dictionary)
    rows = pa.table([columns[name] for name in _ROWS.names], names=_ROWS.names)
    if not found.rows:
        return rows
    careful = _careful_rows(found)
    alike = [column.cast(declared.type) for column, declared in zip(careful.columns, rows.schema, strict=True)]
    together = pa.concat_tables([rows, pa.table(alike, schema=rows.schema)]).unify_dictionaries()
    if not len(rows) or int(events.index[-1]) + block.first_line < found.rows[0][_LINE]:
        return together
    return together.take(pc.sort_indices(together, [("line", "ascending")]))


def _chain_rows(events: CanonicalEvents, found: _Found) -> pa.Table:
    hashes = pa.Array.from_buffers(
        pa.string(), len(events.index), [None, pa.py_buffer(_offsets(len(events.index))), pa.py_buffer(events.hashes)]
    )
    rows = pa.table({"seq": pa.array(events.seq), "hash": hashes}, schema=_CHAIN)
    if not found.chain:
        return rows
    index = np.concatenate((events.index, [index for index, _, _ in found.chain])).astype(np.int64)
    return pa.concat_tables([rows, _careful_chain(found)]).take(pa.array(np.argsort(index, kind="stable")))


def _offsets(count: int) -> Places:
    return np.arange(0, 64 * count + 1, 64, dtype=np.int32)
