"""Claims by files: what the attacker read, copied, sent or downloaded, by the file's manifest or by the inventory.

A value is confirmed where an event that is certainly the attacker's shows every byte of a file going out, the very
file is among the evidence, and its manifest has the value exactly. Which file it was, a hash in the log tells, or its
name, its size to the byte, and a time of change before the event. All else is possible: as far as the manifest of a
file of that name tells, and as the inventory declares. Nothing here takes away from other claims.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

import ibis.expr.types as ir
import pyarrow as pa

from kakuho.evidence.content import Content
from kakuho.exposure.cells import Tables
from kakuho.exposure.claims import CLAIMS, CONFIRMED, POSSIBLE, Claims, together
from kakuho.exposure.manifest.holdings import Holdings
from kakuho.exposure.manifest.mail import is_mail, message_id, messages
from kakuho.exposure.manifest.manifest import holdings_of
from kakuho.exposure.manifest.reading import HEAD, chunks_of
from kakuho.exposure.methods.declared_files import declared_claims
from kakuho.exposure.methods.file_reasons import declared_reason
from kakuho.exposure.methods.locations import expression_of, fits
from kakuho.exposure.methods.scope import everything
from kakuho.exposure.methods.transfers import TABLES, Transfer, transfers
from kakuho.exposure.reasons import Reason
from kakuho.inventory import AccessPath, Inventory

_KEY = ("source_id", "line")


@dataclass(frozen=True)
class SealedFile:
    """A file among the evidence, or a member of an archive there. ``modified``: UTC without a zone."""

    sha256: str
    name: str
    size: int
    modified: datetime
    content: Content

    @property
    def base(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class FileEvidence:
    """``tables``: those of :data:`TABLES`, by name; ``sealed``: every file that was handed in."""

    tables: Mapping[str, ir.Table] = field(default_factory=dict)
    sealed: tuple[SealedFile, ...] = ()


@dataclass(frozen=True)
class FileClaims:
    """``declared``: (source, line) of downloads of which the inventory says what they give."""

    claims: Claims
    reasons: dict[str, Reason]
    declared: frozenset[tuple[int, int]] = frozenset()


def file_claims(
    evidence: FileEvidence, attacker: ir.Table, inventory: Inventory, tables: Tables, owners: ir.Table
) -> FileClaims:
    """``attacker``: the attacker's events; ``owners``: collection, key, subject of every row of the snapshot."""
    paths = [path for path in inventory.access_paths if path.is_by_file]
    found = list(_transfers(evidence, attacker, paths))
    shelf = _Shelf(evidence.sealed)
    proven: dict[tuple[SealedFile, bool], list[Transfer]] = defaultdict(list)
    named: dict[SealedFile, list[Transfer]] = defaultdict(list)
    declared: dict[str, list[Transfer]] = defaultdict(list)
    dumped: dict[str, list[Transfer]] = defaultdict(list)
    listed: set[tuple[int, int]] = set()
    unknown: list[Transfer] = []
    for one in found:
        same = shelf.the_very(one)
        alike = [] if same is not None else shelf.of_that_name(one)
        if same is not None:
            proven[same, one.certain].append(one)
        for file in alike:
            named[file].append(one)
        if one.program is not None:
            dumped[one.program].append(one)
        fitting = [path for path in paths if any(fits(one, pattern) for pattern in path.files)]
        if fitting:
            listed.add((one.source_id, one.line))
        for path in fitting if same is None else ():
            declared[path.id].append(one)
        if one.outward and same is None and not alike and not fitting:
            unknown.append(one)
    reasons = dict(declared_reason(path) for path in paths if path.id in declared)
    parts = []
    read = {file: _holdings(file, inventory, tables) for file in {f for f, _ in proven} | set(named)}
    for (file, certain), events in proven.items():
        parts.append(_by_manifest(file, read[file], events, inventory, certain=certain, proven=True))
    for file, events in named.items():
        parts.append(_by_manifest(file, read[file], events, inventory, certain=True, proven=False))
    for path in paths:
        if path.id in declared:
            parts.append(declared_claims(path, declared[path.id], inventory, tables, owners))
    parts += [
        _of_everything(f"export:program:{p}", "export_program", events, inventory) for p, events in dumped.items()
    ]
    if unknown:
        parts.append(_of_everything("export:unknown", "export_unknown", unknown, inventory))
    return FileClaims(together(parts), reasons, frozenset(listed))


def _transfers(evidence: FileEvidence, attacker: ir.Table, paths: Sequence[AccessPath]) -> Iterator[Transfer]:
    for name in TABLES:
        events = evidence.tables.get(name)
        if events is None:
            continue
        mine = attacker.filter(attacker["table"] == name)
        keys = mine.group_by(*_KEY).agg(certain=lambda t: t.certain.any())
        rows = events.join(keys, list(_KEY))
        if name == "http_activity":
            rows = rows.filter(_may_be_a_file(rows, evidence.sealed, paths))
        for row in rows.to_pyarrow().to_pylist():
            yield from transfers(name, row)


def _may_be_a_file(rows: ir.Table, sealed: Iterable[SealedFile], paths: Sequence[AccessPath]) -> ir.BooleanValue:
    """Requests of a declared place or with the name of a sealed file, percent-encoded or not, and S3's."""
    names = {file.base for file in sealed}
    patterns = sorted({expression_of(pattern) for path in paths for pattern in path.files})
    found = rows.unmapped.contains('"bucket"').fill_null(False)
    if names:
        found = found | rows.url_path.re_extract("([^/]*)$", 1).isin(sorted(names)).fill_null(False)
    for pattern in patterns:
        found = found | rows.url_path.re_search(pattern).fill_null(False)
    encoded = rows.filter(rows.url_path.contains("%")).select("url_path").distinct().to_pyarrow()
    meant = [
        path
        for path in encoded["url_path"].to_pylist()
        if (plain := unquote(path)).rpartition("/")[2] in names or any(re.match(one, plain) for one in patterns)
    ]
    return found | rows.url_path.isin(sorted(meant)).fill_null(False) if meant else found


class _Shelf:
    """The sealed files, by hash, name and mail's id."""

    def __init__(self, sealed: Iterable[SealedFile]) -> None:
        self._by_hash: dict[str, SealedFile] = {}
        self._by_name: dict[str, dict[str, SealedFile]] = defaultdict(dict)
        self._by_mail: dict[str, dict[str, SealedFile]] | None = None
        for file in sorted(sealed, key=lambda f: (f.sha256, f.name)):
            self._by_hash.setdefault(file.sha256, file)
            self._by_name[file.base].setdefault(file.sha256, file)

    def the_very(self, transfer: Transfer) -> SealedFile | None:
        """The file that was sent whole, where that is certain and there is only one that it can be."""
        if not transfer.whole:
            return None
        if transfer.sha256 is not None:
            return self._by_hash.get(transfer.sha256.lower())
        fit = [f for f in self._by_name.get(transfer.name or "", {}).values() if f.size == transfer.size]
        return fit[0] if len(fit) == 1 and fit[0].modified <= transfer.time else None

    def of_that_name(self, transfer: Transfer) -> list[SealedFile]:
        """Files that it may have been."""
        if transfer.message_id is not None:
            return list(self._mails().get(transfer.message_id, {}).values())
        return list(self._by_name.get(transfer.name or "", {}).values())

    def _mails(self) -> dict[str, dict[str, SealedFile]]:
        if self._by_mail is None:
            self._by_mail = defaultdict(dict)
            for file in self._by_hash.values():
                if not is_mail(file.content.read(0, HEAD)):
                    continue
                with file.content.as_file() as path:
                    for message in messages(path):
                        self._by_mail[message_id(message) or ""][file.sha256] = file
        return self._by_mail


def _holdings(file: SealedFile, inventory: Inventory, tables: Tables) -> Holdings:
    with file.content.as_file() as path:
        return holdings_of(chunks_of(path, file.name), inventory, tables)


def _by_manifest(
    file: SealedFile,
    held: Holdings,
    events: Sequence[Transfer],
    inventory: Inventory,
    *,
    certain: bool,
    proven: bool,
) -> Claims:
    claim = f"export:file:{file.sha256[:16]}:" + (("sent" if certain else "undecided") if proven else "touched")
    possible = "export_file_possible" if certain else "export_file_undecided"
    sure = certain and proven
    exact = held.cells["exact"]
    size = held.cells.num_rows
    flags = exact if sure else pa.array([False] * size, pa.bool_())
    columns = {
        "claim_id": pa.repeat(claim, size).cast(pa.string()),
        "method": pa.repeat("export", size).cast(pa.string()),
        "certainty": pa.compute.if_else(flags, CONFIRMED, POSSIBLE),
        "reason_id": pa.compute.if_else(flags, "export_file", possible),
        "subject": held.cells["subject"],
        "item": held.cells["item"],
    }
    sets = {(claim, possible, record, item) for record, item in held.wide}
    if held.unread:
        sets |= {(claim, "export_unread", record, item) for record, item in everything(inventory)}
    wide = Claims.listed("export", sets=sets, events=_cited(claim, events))
    return together([Claims.of(claims=pa.table(columns, schema=CLAIMS)), wide])


def _of_everything(claim: str, reason: str, events: Sequence[Transfer], inventory: Inventory) -> Claims:
    sets = [(claim, reason, record, item) for record, item in everything(inventory)]
    return Claims.listed("export", sets=sets, events=_cited(claim, events))


def _cited(claim: str, events: Iterable[Transfer]) -> set[tuple[str, int, int, int]]:
    return {(claim, one.source_id, one.line, one.byte_offset) for one in events}
