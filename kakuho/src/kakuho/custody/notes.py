"""Signed notes: a text and the signatures of one or more keys over it (C2SP signed-note, https://c2sp.org/signed-note).

    <text, ending in a newline>
    <empty line>
    — <key name> <base64 of key id || signature>

Only Ed25519 keys are known here. Knows nothing of what a note says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kakuho.custody.keys import SignerKey, VerifierKey, decode_base64, encode_base64, is_key_name

MOST_SIGNATURES = 100
_DASH = "— "
_SHORTEST_SIGNATURE = 5


class NoteError(ValueError):
    """A note that does not prove what it says."""


class MalformedNoteError(NoteError):
    """Not a signed note at all."""


class InvalidSignatureError(NoteError):
    """A known key's signature is not over this text."""


class NoKnownSignatureError(NoteError):
    """None of the given keys signed the note."""


@dataclass(frozen=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A note taken apart; its signatures are not verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, content: bytes) -> Note:
        """Take a note apart; raises MalformedNoteError."""
        try:
            whole = content.decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedNoteError("not UTF-8") from None
        if any(one < " " and one != "\n" for one in whole):
            raise MalformedNoteError("holds a control character")
        before, found, lines = whole.rpartition("\n\n")
        if not found or not lines.endswith("\n"):
            raise MalformedNoteError("no signature lines after an empty line")
        signatures = tuple(map(_parse_signature, lines.removesuffix("\n").split("\n")))
        if len(signatures) > MOST_SIGNATURES:
            raise MalformedNoteError(f"more than {MOST_SIGNATURES} signatures")
        return cls(before + "\n", signatures)

    def verified_by(self, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Which of the keys signed the note; signatures of others are not looked at.

        Raises InvalidSignatureError where the signature of one of them is wrong, NoKnownSignatureError where there is
        none.
        """
        known = {(key.name, key.id): key for key in keys}
        found: list[VerifierKey] = []
        for one in self.signatures:
            key = known.get((one.name, one.key_id))
            if key is None or key in found:
                continue
            if not key.verify(one.signature, self.text.encode()):
                raise InvalidSignatureError(f"invalid signature for key {key.name}+{key.id.hex()}")
            found.append(key)
        if not found:
            raise NoKnownSignatureError("note has no verifiable signatures")
        return found


def sign_note(text: str, signer: SignerKey) -> Note:
    """The text with one signature; the text ends in a newline."""
    key = signer.verifier
    return Note(text, (Signature(key.name, key.id, signer.sign(text.encode())),))


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not is_key_name(name):
        raise MalformedNoteError("a signature line is not in its form")
    try:
        content = decode_base64(encoded)
    except ValueError:
        raise MalformedNoteError("a signature is not base64") from None
    if len(content) < _SHORTEST_SIGNATURE:
        raise MalformedNoteError("a signature is too short")
    return Signature(name, content[:4], content[4:])
