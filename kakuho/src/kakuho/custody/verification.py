"""Whether a case is still what it was: every file of it, read again from the disk, against what names it.

| file | what says what it must be |
|---|---|
| ``journal.jsonl`` | its own chain; the signed head of every checkpoint |
| ``evidence/``, ``inventory.yaml``, ``journal.torn``, ``publications/`` | the journal |
| ``lake/``, ``assessments/`` | the record of the stage that wrote it, which carries its own seal |
| ``checkpoints/`` | the journal; the signatures; a time-stamping authority |
| ``case.toml``, ``publication.toml``, whatever people put in the folder | the last sealed manifest |

Before the first manifest nothing names the last group: those files are told, not refused. Decision 0014 says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.x509 import Certificate

from kakuho.case import Case, Entry
from kakuho.case.folder import INVENTORY_ACT
from kakuho.case.verify import SEALED_ACT, verify_sealed
from kakuho.custody.contents import CHECKPOINTS, JOURNAL, PROGRAM_FOLDERS, Contents
from kakuho.custody.derived import check_assessments, check_publications, check_stages, check_torn_lines
from kakuho.custody.keys import VerifierKey
from kakuho.custody.refusals import REBUILD, RESTORE, refusal
from kakuho.custody.sealed_checkpoints import CheckpointFound, Checkpoints, check_checkpoints
from kakuho.custody.timestamps import TimestampFound, check_timestamps
from kakuho.language import Bilingual

Advance = Callable[[float, float | None], None]


@dataclass(frozen=True)
class Verification:
    """What was verified. Paths are relative to the case's folder."""

    journal_entries: int
    signed_entries: int
    evidence_files: int
    evidence_bytes: int
    files: int
    checkpoints: list[CheckpointFound]
    timestamps: list[TimestampFound]
    unsealed: list[str] = field(default_factory=list)
    """Files that no hash covers yet: the next checkpoint does."""
    unrecorded: list[str] = field(default_factory=list)
    """Files that nobody entered anywhere, in a case without a sealed manifest."""
    leftovers: list[str] = field(default_factory=list)
    """Scratch of an interrupted command; nothing reads it."""


@dataclass(frozen=True)
class Examined:
    """A verification, the files it saw, and what people changed since the last manifest."""

    verification: Verification
    contents: Contents
    changed: list[str]


def verify(
    case: Case,
    advance: Advance = lambda done, total: None,
    *,
    verifiers: Sequence[VerifierKey] = (),
    authorities: Sequence[Certificate] = (),
) -> Verification:
    """Verify the whole case; raises IntegrityError naming the first bad entry.

    ``verifiers``: keys that the caller trusts; at least one checkpoint must be signed by one of them. ``authorities``:
    certificates of time-stamping authorities to be used in place of those that lie in the case.
    """
    examined = examine(case, advance, verifiers=verifiers, authorities=authorities)
    if examined.changed:
        raise refusal(
            ja="最後に封印した時から、人の書くファイルが変わっています。",
            en="a file that people write has changed since it was last sealed",
            where=", ".join(examined.changed),
            remedy=Bilingual(
                ja="意図した変更なら kakuho custody checkpoint で改めて封印してください。"
                "覚えがなければ控えから戻してください。",
                en="if the change is meant, seal it again with kakuho custody checkpoint; if nobody knows of "
                "it, restore it",
            ),
        )
    return examined.verification


def examine(
    case: Case,
    advance: Advance = lambda done, total: None,
    *,
    verifiers: Sequence[VerifierKey] = (),
    authorities: Sequence[Certificate] = (),
) -> Examined:
    """The same, but what people changed since the last manifest is told instead of refused: the next one seals it."""
    entries = _whole_journal(case)
    checkpoints = check_checkpoints(case.directory, entries, verifiers)
    contents = Contents(case.directory, advance)
    evidence = verify_sealed(case, entries, advance)
    sealed = [str(entry.details["sha256"]) for entry in entries if entry.act == SEALED_ACT]
    for sha256 in sealed:
        contents.remember(f"evidence/{sha256}", sha256)
    stamps, stamp_paths = check_timestamps(contents, entries, authorities)
    derived = check_torn_lines(contents, entries) | check_stages(contents)
    check_assessments(contents, entries)
    published, uncovered = check_publications(contents, entries, checkpoints.files)
    accounted = {JOURNAL, *checkpoints.known_paths, *stamp_paths, *derived, *published}
    accounted |= {f"evidence/{sha256}" for sha256 in sealed}
    if any(entry.act == INVENTORY_ACT for entry in entries):
        accounted.add("inventory.yaml")
    changed, unsealed, strays = _check_the_rest(contents, accounted, checkpoints)
    verification = Verification(
        journal_entries=len(entries),
        signed_entries=checkpoints.signed_entries,
        evidence_files=evidence.evidence_files,
        evidence_bytes=evidence.evidence_bytes,
        files=len(contents.paths),
        checkpoints=checkpoints.found,
        timestamps=stamps,
        unsealed=sorted(unsealed | uncovered),
        unrecorded=strays,
        leftovers=contents.leftovers + _unfinished_manifest(contents, checkpoints),
    )
    return Examined(verification, contents, changed)


def _whole_journal(case: Case) -> list[Entry]:
    entries, torn = case.journal.read()
    if not entries:
        raise refusal(ja="台帳 journal.jsonl がありません。", en="the journal is missing or empty", where=JOURNAL)
    if torn:
        raise refusal(
            ja=f"台帳 journal.jsonl の最後の行が途中で切れています（{torn} バイト）。",
            en=f"the last line of journal.jsonl is torn ({torn} bytes)",
            where=f"{JOURNAL}:{len(entries) + 1}",
            remedy=Bilingual(
                ja="書き込み中に止まったのなら、次に記録するコマンド（kakuho custody checkpoint "
                "など）が取り分けて記します。"
                "覚えがなければ控えから戻してください。",
                en="if a command was killed while writing, the next one that records (kakuho custody "
                "checkpoint) sets it aside "
                "and says so; if none was, restore the journal from a copy",
            ),
        )
    return entries


def _check_the_rest(
    contents: Contents, accounted: set[str], checkpoints: Checkpoints
) -> tuple[list[str], set[str], list[str]]:
    """Files that only a manifest can name: what people changed, what no hash covers yet, what nobody entered."""
    changed: list[str] = []
    for path, sha256 in checkpoints.files.items():
        if path in contents:
            if path not in accounted and contents.sha256(path) != sha256:
                changed.append(path)
        elif path.startswith("lake/stages/") or not path.startswith(("lake/", "assessments/", "publications/")):
            raise refusal(
                ja="封印した一覧にあるファイルがありません。",
                en="a file that the sealed manifest names is missing",
                where=f"{path} ({checkpoints.last.path if checkpoints.last else ''})",
                remedy=REBUILD if path.startswith("lake/") else RESTORE,
            )
    rest = [path for path in contents.paths if path not in accounted and path not in checkpoints.files]
    rest = [path for path in rest if path not in _unfinished_manifest(contents, checkpoints)]
    declared = {path for path in rest if path in ("case.toml", "publication.toml")}
    strays = [path for path in rest if path not in declared]
    if strays and checkpoints.last is not None:
        in_program_folders = [path for path in strays if path.startswith(PROGRAM_FOLDERS)]
        if in_program_folders:
            raise stray(in_program_folders[0])
        changed += strays
        strays = []
    return sorted(changed), declared, strays


def stray(path: str) -> Exception:
    """The error for a file that no record names."""
    return refusal(
        ja="記録のどこにもないファイルがあります。",
        en="there is a file that no record names",
        where=path,
        remedy=Bilingual(
            ja="事案のフォルダーから取り除き、誰が置いたかを調べてください。文書なら kakuho report "
            "を実行し直すと記録されます。",
            en="take it out of the case's folder and find out who put it there; documents are recorded by "
            "running kakuho "
            "report again",
        ),
    )


def _unfinished_manifest(contents: Contents, checkpoints: Checkpoints) -> list[str]:
    """A manifest written by a command that was killed before the journal named it; the next one replaces it."""
    number = (checkpoints.last.number if checkpoints.last else 0) + 1
    path = f"{CHECKPOINTS}/{number:03d}.manifest"
    return [path] if path in contents else []
