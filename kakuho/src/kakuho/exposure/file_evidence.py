"""What a case holds about files: the events that can show one being taken, and the files that were handed in."""

from __future__ import annotations

from datetime import UTC, datetime

from ibis.backends.duckdb import Backend

from kakuho.case import Case
from kakuho.case.verify import SEALED_ACT
from kakuho.evidence.content import PlainContent
from kakuho.evidence.sealed import sealed_sources
from kakuho.exposure.methods.files import FileEvidence, SealedFile
from kakuho.exposure.methods.transfers import TABLES


def file_evidence(case: Case, backend: Backend) -> FileEvidence:
    """The lake's tables; every sealed file, and every member of the archives among them."""
    found = []
    for entry in case.journal.entries(SEALED_ACT):
        told = entry.details
        content = PlainContent(case.evidence / told["sha256"])
        found.append(SealedFile(told["sha256"], told["name"], told["size"], _utc(told["modified"]), content))
    for source in sealed_sources(case):
        if source.member is not None:
            modified = _utc(source.modified.isoformat())
            found.append(SealedFile(source.sha256, source.name, source.size, modified, source.content(case)))
    return FileEvidence({name: backend.table(name) for name in TABLES}, tuple(found))


def _utc(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def sealed_files(case: Case) -> list[list[str]]:
    """Name and hash of every sealed file, sorted: what an assessment depends on."""
    return sorted([entry.details["name"], entry.details["sha256"]] for entry in case.journal.entries(SEALED_ACT))
