"""Is a ledger whole? Every line against the chain, every segment against the checkpoints.

What it cannot show: that the tail after a segment's last checkpoint is complete where the segment was never closed
(``SegmentReport.after_checkpoint`` counts what is there), and, without a key, that nobody who could write the whole
directory wrote all of it anew, checkpoints included. Copies of the checkpoints kept elsewhere show that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from disclosure_ledger.chain import checked_key, digest_under
from disclosure_ledger.checkpoints import FILE_NAME, Checkpoint, parse_checkpoint
from disclosure_ledger.errors import NotALedgerError
from disclosure_ledger.event import Event
from disclosure_ledger.language import Language
from disclosure_ledger.reading import BrokenLineError, Header, read_lines, read_segment
from disclosure_ledger.reasons import Reason, text_of


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing wrong in a file: ``line`` counts from 1, None where the file as a whole is meant."""

    file: str
    line: int | None
    reason: Reason

    @property
    def segment(self) -> str:
        return self.file.removesuffix(".jsonl")

    def text(self, language: Language) -> str:
        return text_of(self.reason, language)


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """What is proven of a segment: ``events`` up to the first problem, ``closed`` if it ended in order."""

    segment: str
    system: str | None
    started: datetime | None
    events: int
    last: datetime | None
    checkpointed: int | None
    closed: bool
    problem: Problem | None

    @property
    def after_checkpoint(self) -> int:
        """Events after the last checkpoint: nothing but the file itself says how many there were."""
        return max(0, self.events - (self.checkpointed or 0))


@dataclass(frozen=True, slots=True)
class Verification:
    """The result over a directory; ``problems`` are sorted by file."""

    directory: Path
    segments: tuple[SegmentReport, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def events(self) -> int:
        return sum(segment.events for segment in self.segments)

    @property
    def first_problem(self) -> Problem | None:
        return self.problems[0] if self.problems else None


def verify(directory: Path | str, key: bytes | None = None) -> Verification:
    """Read the whole ledger; a running one too.

    NotALedgerError where there is none; LedgerKeyError where it was written under a key and none is given.
    """
    checked_key(key)
    directory = Path(directory)
    # In this order, so that a ledger that is being written never seems cut: what a checkpoint names is there already.
    paths = segment_paths(directory)
    checkpoints, problems = _read_checkpoints(directory / FILE_NAME, key)
    segments = tuple(_examine(path, key, checkpoints.pop(path.stem, ())) for path in paths)
    problems += [segment.problem for segment in segments if segment.problem is not None]
    problems += [
        Problem(f"{name}.jsonl", None, Reason.MISSING)
        for name in checkpoints
        if not (directory / f"{name}.jsonl").exists()
    ]
    return Verification(directory, segments, tuple(sorted(problems, key=lambda problem: problem.file)))


def segment_paths(directory: Path) -> list[Path]:
    """The segments of a ledger in the order of their start; NotALedgerError where there is no ledger."""
    if not directory.is_dir():
        raise NotALedgerError(
            ja=f"{directory} というディレクトリはありません。台帳（*.jsonl）のあるディレクトリを指定してください。",
            en=f"There is no directory {directory}. Name the directory that holds the ledger (*.jsonl).",
        )
    paths = sorted(path for path in directory.glob("*.jsonl") if path.name != FILE_NAME)
    if not paths and not (directory / FILE_NAME).exists():
        raise NotALedgerError(
            ja=f"{directory} に台帳（*.jsonl）がありません。ディレクトリを確認してください。",
            en=f"{directory} holds no ledger (*.jsonl). Check which directory it is.",
        )
    return paths


def proven_events(directory: Path, key: bytes | None) -> Iterator[Event]:
    """The events of all segments that the chain proves: of each segment those before its first problem."""
    for path in segment_paths(directory):
        try:
            for entry in read_segment(path, key):
                if isinstance(entry, Event):
                    yield entry
        except BrokenLineError:
            continue


def _examine(path: Path, key: bytes | None, checkpoints: Sequence[Checkpoint]) -> SegmentReport:
    header: Header | None = None
    events, last, problem = 0, None, None
    closed_at = next((checkpoint.seq for checkpoint in checkpoints if checkpoint.closed), None)
    hashes = {checkpoint.seq: checkpoint.hash for checkpoint in checkpoints}
    try:
        for entry in read_segment(path, key):
            if hashes.get(entry.seq, entry.hash) != entry.hash:
                raise BrokenLineError(entry.seq + 1, Reason.CHECKPOINT)
            if closed_at is not None and entry.seq > closed_at:
                raise BrokenLineError(entry.seq + 1, Reason.AFTER_CLOSE)
            if isinstance(entry, Event):
                events, last = entry.seq, entry.time
            else:
                header = entry
        if max(hashes, default=0) > events:
            raise BrokenLineError(events + 2, Reason.TRUNCATED)
        if events and not hashes:
            raise BrokenLineError(1, Reason.NO_CHECKPOINT)
    except BrokenLineError as broken:
        problem = Problem(path.name, broken.line, broken.reason)
    return SegmentReport(
        segment=path.stem,
        system=header.system if header else None,
        started=header.started if header else None,
        events=events,
        last=last,
        checkpointed=max(hashes, default=None),
        closed=closed_at is not None,
        problem=problem,
    )


def _read_checkpoints(path: Path, key: bytes | None) -> tuple[dict[str, list[Checkpoint]], list[Problem]]:
    """The checkpoints by segment, and the first damaged line, which says nothing about the others."""
    digest = digest_under(key)
    checkpoints: dict[str, list[Checkpoint]] = {}
    problem: Problem | None = None
    try:
        for number, line in read_lines(path) if path.exists() else ():
            checkpoint = parse_checkpoint(line, digest)
            if checkpoint is not None:
                checkpoints.setdefault(checkpoint.segment, []).append(checkpoint)
            else:
                problem = problem or Problem(path.name, number, Reason.BAD_CHECKPOINT)
    except BrokenLineError as broken:
        problem = problem or Problem(path.name, broken.line, broken.reason)
    return checkpoints, [problem] if problem else []
