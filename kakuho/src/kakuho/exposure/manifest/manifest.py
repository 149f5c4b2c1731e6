"""The manifest of a file: its hash and size, its tables and sheets, whose data and which items it holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kakuho.case.files import sha256_of
from kakuho.exposure.cells import Tables
from kakuho.exposure.manifest.chunks import Chunk, Unread
from kakuho.exposure.manifest.dumped import Dumped
from kakuho.exposure.manifest.holdings import Holdings, cells_of, together
from kakuho.exposure.manifest.matched import Matched
from kakuho.exposure.manifest.reading import chunks_of
from kakuho.inventory import Inventory


@dataclass(frozen=True)
class Manifest:
    """What one file holds."""

    sha256: str
    size: int
    holdings: Holdings


def manifest_of(path: Path, name: str, inventory: Inventory, tables: Tables) -> Manifest:
    """``name``: what the file is called where it came from; ``tables``: the snapshot's, if there is one."""
    return Manifest(sha256_of(path), path.stat().st_size, holdings_of(chunks_of(path, name), inventory, tables))


def holdings_of(found: Iterable[Chunk | Unread], inventory: Inventory, tables: Tables) -> Holdings:
    """Each member of an archive for itself: two dumps in it can be of two times."""
    matched = Matched(inventory, tables)
    return together(_each(found, inventory, tables, matched))


def _each(
    found: Iterable[Chunk | Unread], inventory: Inventory, tables: Tables, matched: Matched
) -> Iterator[Holdings]:
    for _, group in itertools.groupby(found, key=lambda one: one.place):
        dumped = Dumped(inventory)
        sheet: list[Chunk] = []
        unread: list[Unread] = []
        for one in group:
            if isinstance(one, Unread):
                unread.append(one)
            elif one.table is not None:
                dumped.add(one)
            else:
                sheet.append(one)
        yield Holdings(cells_of(()), unread=tuple(unread))
        yield dumped.holdings(tables)
        for _, same in itertools.groupby(sheet, key=lambda one: one.columns is None):
            yield matched.holdings(same)
