"""Proofs that stand alone: one line of the journal, or two checkpoints, for someone who has only the public key.

An inclusion proof is a file in the form of C2SP tlog-proof (https://c2sp.org/tlog-proof), which other tools of
transparency logs read too; its extra data is the journal's line without ``hash``, that is the leaf itself. It shows
one line and nothing of any other. A consistency proof is JSON: two notes and the hashes between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakuho.case import Entry
from kakuho.case.journal import leaf_data
from kakuho.custody.checkpoints import Checkpoint, MalformedCheckpointError, tree_of
from kakuho.custody.keys import VerifierKey, decode_base64, encode_base64
from kakuho.custody.merkle import InvalidProofError, hash_leaf, verify_consistency, verify_inclusion
from kakuho.custody.notes import Note, NoteError

INCLUSION_HEAD = "c2sp.org/tlog-proof@v1"
CONSISTENCY_FORMAT = "kakuho.consistency-proof/1"


@dataclass(frozen=True)
class ProvenEntry:
    """A line of the journal that a signed checkpoint covers."""

    fields: dict[str, Any]
    checkpoint: Checkpoint
    key: VerifierKey


@dataclass(frozen=True)
class ProvenExtension:
    """Two signed checkpoints of one journal: the newer one goes on from the older and changes nothing before it."""

    older: Checkpoint
    newer: Checkpoint
    key: VerifierKey


def prove_entry(entries: Sequence[Entry], index: int, note: bytes) -> str:
    """The proof that a line is covered by a checkpoint's note. Raises IndexError where it is not."""
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    proof = tree_of(entries).inclusion_proof(index, checkpoint.size)
    lines = [INCLUSION_HEAD, f"extra {encode_base64(leaf_data(entries[index].__dict__))}", f"index {index}"]
    return "\n".join([*lines, *map(encode_base64, proof), "", note.decode()])


def prove_extension(entries: Sequence[Entry], older: bytes, newer: bytes) -> str:
    """The proof that the newer note's journal goes on from the older's. Raises IndexError where it does not."""
    sizes = [Checkpoint.parse(Note.parse(note).text).size for note in (older, newer)]
    proof = tree_of(entries).consistency_proof(*sizes)
    content = {
        "format": CONSISTENCY_FORMAT,
        "older": older.decode(),
        "newer": newer.decode(),
        "hashes": [encode_base64(hash_) for hash_ in proof],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def check_proof(content: bytes, keys: Sequence[VerifierKey]) -> ProvenEntry | ProvenExtension:
    """Check either kind of proof; raises InvalidProofError saying why it proves nothing."""
    try:
        text = content.decode("utf-8")
        return _check_extension(text, keys) if text.startswith("{") else _check_entry(text, keys)
    except (NoteError, MalformedCheckpointError) as error:
        raise InvalidProofError(str(error)) from None
    except InvalidProofError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidProofError("not a proof of kakuho") from None


def _check_entry(text: str, keys: Sequence[VerifierKey]) -> ProvenEntry:
    head, _, note = text.partition("\n\n")
    found = re.fullmatch(rf"{re.escape(INCLUSION_HEAD)}\nextra (\S+)\nindex (0|[1-9][0-9]*)((?:\n\S+)*)", head)
    if found is None:
        raise InvalidProofError("not an inclusion proof")
    leaf = decode_base64(found[1])
    checkpoint, key = _signed(note, keys)
    hashes = [decode_base64(one) for one in found[3].split()]
    verify_inclusion(int(found[2]), checkpoint.size, hash_leaf(leaf), hashes, checkpoint.root)
    return ProvenEntry(json.loads(leaf), checkpoint, key)


def _check_extension(text: str, keys: Sequence[VerifierKey]) -> ProvenExtension:
    content = json.loads(text)
    if content.keys() != {"format", "older", "newer", "hashes"} or content["format"] != CONSISTENCY_FORMAT:
        raise InvalidProofError("not a consistency proof")
    older, key = _signed(content["older"], keys)
    newer, _ = _signed(content["newer"], keys)
    if older.origin != newer.origin:
        raise InvalidProofError("the checkpoints are those of two cases")
    hashes = [decode_base64(one) for one in content["hashes"]]
    verify_consistency(older.size, newer.size, older.root, newer.root, hashes)
    return ProvenExtension(older, newer, key)


def _signed(note: str, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, VerifierKey]:
    parsed = Note.parse(note.encode())
    key = parsed.verified_by(keys)[0]
    return Checkpoint.parse(parsed.text), key
