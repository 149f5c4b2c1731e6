"""Whether what the journal itself seals is still what it was: its own chain, the evidence, the inventory.

Reads everything again from the disk and trusts no record but the journal. Needs no format of any evidence. The whole
case, checkpoints and derived files included, is verified by ``kakuho.custody``, which begins with this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kakuho.case.files import sha256_of
from kakuho.case.folder import Case
from kakuho.case.journal import Entry
from kakuho.errors import IntegrityError
from kakuho.language import Bilingual

SEALED_ACT = "evidence.sealed"


@dataclass(frozen=True)
class Verification:
    """What was verified, and files in ``evidence/`` that the journal does not know."""

    journal_entries: int
    evidence_files: int
    evidence_bytes: int
    unrecorded: list[str]


def verify(case: Case, advance: Callable[[float, float | None], None]) -> Verification:
    """Verify journal, evidence and inventory; raises IntegrityError naming the first bad entry."""
    return verify_sealed(case, case.journal.entries(), advance)


def verify_sealed(case: Case, entries: Sequence[Entry], advance: Callable[[float, float | None], None]) -> Verification:
    """Verify what these lines of the journal seal; raises IntegrityError naming the first bad entry."""
    sealed = [entry for entry in entries if entry.act == SEALED_ACT]
    size = 0
    for done, entry in enumerate(sealed):
        advance(done, len(sealed))
        sha256 = str(entry.details["sha256"])
        size += _check_sealed(case.evidence / sha256, sha256, f"journal.jsonl:{entry.seq + 1}")
    case.check_inventory()
    known = {str(entry.details["sha256"]) for entry in sealed}
    unrecorded = sorted(path.name for path in case.evidence.iterdir() if path.name not in known)
    return Verification(len(entries), len(sealed), size, unrecorded)


def _check_sealed(path: Path, sha256: str, entry: str) -> int:
    remedy = Bilingual(
        ja="原本または控えから、この SHA-256 のファイルを戻してください。",
        en="restore the file with this SHA-256 from the original or from a copy",
    )
    if not path.is_file():
        what = Bilingual(ja="封印した証拠ファイルがありません。", en="a sealed evidence file is missing")
        raise IntegrityError(what, where=f"{path} ({entry})", remedy=remedy)
    if sha256_of(path) != sha256:
        what = Bilingual(
            ja="封印した証拠ファイルの内容が、封印した時と違います。", en="a sealed evidence file was changed"
        )
        raise IntegrityError(what, where=f"{path} ({entry})", remedy=remedy)
    return path.stat().st_size
