"""Sealing a case as it is now: a manifest of all its files, entered in the journal, and a signature over the journal.

The line that enters the manifest is the last one that the signature covers, so the act of sealing is in what is
signed and the note need not be in the journal. A kill between the two leaves a line without its note; sealing again
with the same key makes the same note (Ed25519 is deterministic).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakuho.case import Case, Entry
from kakuho.case.files import write_atomically
from kakuho.custody.checkpoints import checkpoint_of, tree_of
from kakuho.custody.contents import PROGRAM_FOLDERS
from kakuho.custody.keys import SignerKey
from kakuho.custody.manifest import (
    MANIFEST_ACT,
    SealedManifest,
    manifest_of,
    manifest_text,
    sealed_manifests,
    sha256_of_text,
)
from kakuho.custody.notes import sign_note
from kakuho.custody.verification import Advance, examine, stray


@dataclass(frozen=True)
class Seal:
    """A case sealed. ``fresh``: something had changed since the last seal. ``changed``: what people had changed."""

    manifest: SealedManifest
    fresh: bool
    changed: list[str]


def seal(case: Case, signer: SignerKey | None = None, advance: Advance = lambda done, total: None) -> Seal:
    """Verify the case, seal its files, sign its journal. Needs the lock; raises IntegrityError where anything is wrong.

    Where nothing changed since the last seal by the same key, that one stands.
    """
    key = str(signer.verifier) if signer else None
    _finish(case, case.journal.entries(), signer, key)
    examined = examine(case, advance)
    for path in examined.verification.unrecorded:
        if path.startswith(PROGRAM_FOLDERS):
            raise stray(path)
    files = manifest_of(examined.contents)
    text = manifest_text(files)
    entries = case.journal.entries()
    last = sealed_manifests(entries)[-1:]
    if last and last[0].size == len(entries) and last[0].sha256 == sha256_of_text(text) and key in (None, last[0].key):
        return Seal(last[0], fresh=False, changed=[])
    number = len(sealed_manifests(entries)) + 1
    case.checkpoints.mkdir(exist_ok=True)
    write_atomically(case.checkpoints / f"{number:03d}.manifest", text)
    details = {
        "number": number,
        "sha256": sha256_of_text(text),
        "files": len(files),
        "bytes": sum(map(examined.contents.size, files)),
        "changed": examined.changed,
        "key": key,
    }
    case.record(MANIFEST_ACT, details)
    entries = case.journal.entries()
    _finish(case, entries, signer, key)
    return Seal(sealed_manifests(entries)[-1], fresh=True, changed=examined.changed)


def _finish(case: Case, entries: Sequence[Entry], signer: SignerKey | None, key: str | None) -> None:
    """Sign the last manifest's line where its note is not there yet and its key is this one."""
    last = sealed_manifests(entries)[-1:]
    if not last or signer is None or last[0].key != key or (case.directory / last[0].note_path).exists():
        return
    text = checkpoint_of(entries, tree_of(entries), last[0].size).text
    write_atomically(case.directory / last[0].note_path, str(sign_note(text, signer)).encode())
