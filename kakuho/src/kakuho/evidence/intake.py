"""Taking evidence in: every file is copied, sealed by its SHA-256, looked into, identified and entered in the journal.

All or nothing: the files of one call are copied and identified first, then moved to ``evidence/<sha256>`` and recorded
together; a call that is refused leaves the case as it was. Whatever a file holds, it is sealed: one in no known format,
damaged or empty is evidence all the same, and is told. Parsing comes after, from the sealed files alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from kakuho.case import Case
from kakuho.case.files import sync_directory
from kakuho.case.verify import SEALED_ACT
from kakuho.evidence.content import Content, PlainContent
from kakuho.evidence.finding import Found, find_files
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.formats.base import NOTHING_DECLARED, Declared
from kakuho.evidence.formats.blocks import SIZE_WORTH_PROCESSES
from kakuho.evidence.identification import identify
from kakuho.evidence.incoming import Copied, Incoming
from kakuho.evidence.pool import start_ahead
from kakuho.evidence.progress import Advance, ByteProgress
from kakuho.evidence.sealed import SealedSource, sealed_sources, unpacked_folder
from kakuho.evidence.storage import telling_of_storage
from kakuho.evidence.unpacking import is_packed, unpack
from kakuho.evidence.unpacking.stage import unpacking_inputs, unpacking_stage
from kakuho.evidence.unpacking.unpack import HEAD_BYTES
from kakuho.evidence.update import bring_up_to_date


@dataclass
class Intake:
    """What came of one call: the sources added, names of files sealed before, what was left out (name, reason key)."""

    added: list[SealedSource] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    changed_meanwhile: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Spoken:
    """What was said of the files with the call: it holds for all of them."""

    format_name: str | None = None
    declared: Declared = NOTHING_DECLARED
    clock_offset_us: int = 0


NOTHING_SPOKEN = Spoken()


def add_evidence(
    case: Case,
    paths: Sequence[Path],
    spoken: Spoken = NOTHING_SPOKEN,
    *,
    advance: Advance = lambda done, total: None,
) -> Intake:
    """Seal files, and folders with all that is in them; then bring the lake's tables up to date.

    Raises UsageError for a path that is no readable file or folder and for a chosen format that a file shows nothing
    of; KakuhoError where the case cannot be written to.
    """
    found, left_out = find_files(paths)
    intake = Intake(left_out=left_out)
    progress = ByteProgress(advance, sum(one.size for one in found) * 2)
    with case.lock(), telling_of_storage(case.directory):
        largest = max((one.size for one in found), default=0)
        start_ahead(largest)
        if largest >= SIZE_WORTH_PROCESSES and spoken.format_name is None:
            _load_formats_meanwhile()
        incoming = Incoming(case.evidence)
        try:
            _seal(case, found, intake, incoming, progress, spoken)
            incoming.clear()
        except Exception:
            incoming.clear()
            raise
        bring_up_to_date(case, step=progress.step)
    return intake


def _load_formats_meanwhile() -> None:
    """Load the formats while files are copied, which leaves the interpreter alone; whoever needs one sooner waits."""
    Thread(target=lambda: [FORMATS[name] for name in FORMATS]).start()


def _seal(
    case: Case, found: Sequence[Found], intake: Intake, incoming: Incoming, progress: ByteProgress, spoken: Spoken
) -> None:
    sealed = {str(entry.details["sha256"]) for entry in case.journal.entries(SEALED_ACT)}
    before = {source.sha256 for source in sealed_sources(case)}
    entries: list[dict[str, Any]] = []
    with ExitStack() as unpacking:
        for one in found:
            copied = incoming.take(one, progress.step)
            if copied.sha256 in sealed:
                intake.known.append(one.name)
                continue
            sealed.add(copied.sha256)
            if copied.changed_meanwhile:
                intake.changed_meanwhile.append(one.name)
            entries.append(_custody(case, one, copied, incoming.path(copied), spoken, unpacking))
        for entry in entries:
            copy = incoming.folder / entry["sha256"]
            copy.chmod(0o444)
            copy.rename(case.evidence / entry["sha256"])
        sync_directory(case.evidence)
        if entries:
            case.journal.append_all([(SEALED_ACT, entry) for entry in entries])
    intake.added = [source for source in sealed_sources(case) if source.sha256 not in before]
    new = {source.sha256 for source in intake.added}
    for entry in entries:
        intake.left_out += [(name, reason) for name, reason in entry["left_out"]]
        if entry["sources"] and not new & {source["sha256"] for source in entry["sources"]}:
            intake.known.append(entry["name"])


def _custody(
    case: Case, one: Found, copied: Copied, copy: Path, spoken: Spoken, unpacking: ExitStack
) -> dict[str, Any]:
    """The journal's entry of a file: where it came from, and the sources that it holds."""
    entry: dict[str, Any] = {
        "sha256": copied.sha256,
        "name": one.name,
        "size": copied.size,
        "path": str(one.path.absolute()),
        "modified": copied.modified.isoformat(),
        "changed_meanwhile": copied.changed_meanwhile,
        "sources": [],
        "left_out": [],
    }
    plain = PlainContent(copy)
    if not is_packed(plain.read(0, HEAD_BYTES)):
        told: dict[str, Any] = {
            "sha256": copied.sha256,
            "size": copied.size,
            "member": None,
            "layers": (),
            "damage": None,
        }
        entry["sources"].append(_described(plain, one.name, told, spoken))
        return entry
    stage, destination = unpacking_stage(case.directory, copied.sha256), unpacked_folder(case, copied.sha256)
    folder = unpacking.enter_context(stage.writing(unpacking_inputs(copied.sha256), destination=destination))
    unpacked = unpack(copy, one.name, folder)
    for member in unpacked.members:
        told = {key: getattr(member, key) for key in ("sha256", "size", "layers", "damage")}
        told["member"] = member.number
        entry["sources"].append(_described(member.content(folder), member.name, told, spoken))
    entry["left_out"] = [list(pair) for pair in unpacked.left_out]
    return entry


def _described(content: Content, name: str, told: dict[str, Any], spoken: Spoken) -> dict[str, Any]:
    known = identify(content, name, spoken.format_name, spoken.declared)
    return {
        **told,
        "layers": list(told["layers"]),
        "name": name,
        "format": known.format.name,
        "variant": known.variant,
        "role": known.format.role,
        "why": str(known.why),
        "clock_offset_us": spoken.clock_offset_us,
        **asdict(spoken.declared),
    }
