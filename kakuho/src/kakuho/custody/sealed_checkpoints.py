"""The checkpoints of a case against its journal as it is now: manifests, signatures, consistency.

The signed head of every checkpoint is computed again from the journal's lines, so that a checkpoint agrees with the
journal exactly where the lines that it covers are still the same (RFC 9162 section 2.1.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kakuho.case import Entry
from kakuho.custody.checkpoints import Checkpoint, MalformedCheckpointError, checkpoint_of, tree_of
from kakuho.custody.contents import CHECKPOINTS
from kakuho.custody.keys import KeyFormatError, VerifierKey
from kakuho.custody.manifest import SealedManifest, read_manifest, sealed_manifests, sha256_of_text
from kakuho.custody.notes import Note, NoteError
from kakuho.custody.refusals import refusal
from kakuho.language import Bilingual


@dataclass(frozen=True)
class CheckpointFound:
    """One checkpoint that agrees with the journal. ``trusted``: its key is one of those that the caller trusts."""

    number: int
    journal_entries: int
    key: str | None
    trusted: bool


@dataclass(frozen=True)
class Checkpoints:
    """All checkpoints, and the files of the last manifest."""

    found: list[CheckpointFound]
    last: SealedManifest | None
    files: dict[str, str]
    known_paths: set[str] = field(default_factory=set)

    @property
    def signed_entries(self) -> int:
        """How many lines of the journal a trusted signature covers."""
        return max((one.journal_entries for one in self.found if one.trusted), default=0)


def check_checkpoints(directory: Path, entries: Sequence[Entry], verifiers: Sequence[VerifierKey] = ()) -> Checkpoints:
    """Check every checkpoint; raises IntegrityError naming the first bad one, or where no trusted key signed any."""
    manifests = sealed_manifests(entries)
    _require_whole_journal(directory, entries, manifests)
    tree = tree_of(entries)
    found: list[CheckpointFound] = []
    files: dict[str, str] = {}
    known: set[str] = set()
    for sealed in manifests:
        files = _checked_manifest(directory, sealed)
        known |= {sealed.path}
        trusted = False
        if sealed.key is not None:
            key = _key_of(sealed)
            _check_note(directory, sealed, key, checkpoint_of(entries, tree, sealed.size))
            known |= {sealed.note_path}
            trusted = key in verifiers
        found.append(CheckpointFound(sealed.number, sealed.size, sealed.key, trusted))
    if verifiers and not any(one.trusted for one in found):
        raise refusal(
            ja="渡された検証鍵による署名のあるチェックポイントが一つもありません。",
            en="no checkpoint is signed by a verifier key that was given",
            where=f"{CHECKPOINTS}/",
            remedy=Bilingual(
                ja="検証鍵を、署名した相手に別の経路（電話など）で確かめてください。鍵が正しければ、"
                "この事案は別物です。",
                en="ask the signer for the verifier key by another way, such as the telephone; if the key is "
                "right, this is "
                "not the case that was signed",
            ),
        )
    return Checkpoints(found, manifests[-1] if manifests else None, files, known)


def check_kept_note(entries: Sequence[Entry], content: bytes, verifiers: Sequence[VerifierKey], where: str) -> int:
    """How many lines a note kept elsewhere covers; raises IntegrityError where this journal does not go on from it."""
    checkpoint = _read_note(content, where)[1]
    _require_signature(content, verifiers, where)
    if checkpoint.size > len(entries) or checkpoint != checkpoint_of(entries, tree_of(entries), checkpoint.size):
        raise refusal(
            ja=f"台帳の最初の {checkpoint.size} 行が、別に保管したチェックポイントと一致しません。"
            "台帳が書き換えられたか、"
            "古い状態に戻されています。",
            en=f"the first {checkpoint.size} lines of the journal are not those of the checkpoint kept "
            "elsewhere: the "
            "journal was rewritten or put back to an older state",
            where=where,
        )
    return checkpoint.size


def _require_whole_journal(directory: Path, entries: Sequence[Entry], manifests: Sequence[SealedManifest]) -> None:
    """A note over more lines than there are shows that the journal was cut."""
    known = {sealed.note_path for sealed in manifests}
    for path in sorted((directory / CHECKPOINTS).glob("*.note")):
        where = f"{CHECKPOINTS}/{path.name}"
        if where in known:
            continue
        size = _read_note(path.read_bytes(), where)[1].size
        if size > len(entries):
            raise refusal(
                ja=f"台帳 journal.jsonl の {len(entries) + 1} 行目から後がありません（チェックポイントには "
                f"{size} 行）。",
                en=f"journal.jsonl lacks its lines from {len(entries) + 1} on: the checkpoint covers {size}",
                where=f"journal.jsonl:{len(entries) + 1} ({where})",
            )


def _checked_manifest(directory: Path, sealed: SealedManifest) -> dict[str, str]:
    where = f"{sealed.path} (journal.jsonl:{sealed.size})"
    try:
        content = (directory / sealed.path).read_bytes()
    except FileNotFoundError:
        raise refusal(ja="封印した一覧がありません。", en="a sealed manifest is missing", where=where) from None
    if sha256_of_text(content) != sealed.sha256:
        raise refusal(
            ja="封印した一覧の内容が、封印した時と違います。", en="a sealed manifest was changed", where=where
        )
    try:
        return read_manifest(content)
    except ValueError:
        raise refusal(ja="封印した一覧を読めません。", en="a sealed manifest cannot be read", where=where) from None


def _key_of(sealed: SealedManifest) -> VerifierKey:
    try:
        return VerifierKey.parse(str(sealed.key))
    except KeyFormatError:
        raise refusal(
            ja="台帳の記す検証鍵が正しくありません。",
            en="the journal names a verifier key that is none",
            where=f"journal.jsonl:{sealed.size}",
        ) from None


def _check_note(directory: Path, sealed: SealedManifest, key: VerifierKey, expected: Checkpoint) -> None:
    where = f"{sealed.note_path} (journal.jsonl:{sealed.size})"
    try:
        content = (directory / sealed.note_path).read_bytes()
    except FileNotFoundError:
        raise refusal(
            ja=f"署名付きチェックポイント {sealed.number:03d} がありません。",
            en=f"the signed checkpoint {sealed.number:03d} is missing",
            where=where,
            remedy=Bilingual(
                ja="控えから戻してください。最後のものなら、同じ鍵で kakuho custody checkpoint --key FILE "
                "を実行すると作り直せます。",
                en="restore it from a copy; the last one is made again by kakuho custody checkpoint --key FILE "
                "with the same key",
            ),
        ) from None
    note, checkpoint = _read_note(content, where)
    _require_signature(content, [key], where)
    if checkpoint != expected:
        raise refusal(
            ja=f"チェックポイント {sealed.number:03d} と台帳が一致しません（最初の {sealed.size} 行が、"
            "署名された時と違います）。",
            en=f"checkpoint {sealed.number:03d} and the journal disagree: its first {sealed.size} lines are not "
            "those signed",
            where=where,
        )
    if len(note.signatures) != 1:
        raise refusal(
            ja="チェックポイントに、台帳の記していない署名があります。",
            en="a checkpoint carries a signature that the journal does not name",
            where=where,
        )


def _read_note(content: bytes, where: str) -> tuple[Note, Checkpoint]:
    try:
        note = Note.parse(content)
        return note, Checkpoint.parse(note.text)
    except (NoteError, MalformedCheckpointError):
        raise refusal(
            ja="署名付きチェックポイントの形をしていません。",
            en="it is not in the form of a signed checkpoint",
            where=where,
        ) from None


def _require_signature(content: bytes, keys: Sequence[VerifierKey], where: str) -> None:
    try:
        Note.parse(content).verified_by(keys)
    except NoteError:
        raise refusal(
            ja="チェックポイントの署名が正しくありません。", en="the signature of the checkpoint is wrong", where=where
        ) from None
