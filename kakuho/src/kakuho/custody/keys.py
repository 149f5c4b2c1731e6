"""Ed25519 keys of signed notes: the verifier key that is given away, and the signer key that stays in its file.

Text forms are those of C2SP signed-note and of Go's ``sumdb/note``, so that other tools of transparency logs read them:

    verifier  <name>+<key id, 8 hex digits>+<base64 of 0x01 || 32-byte public key>
    signer    PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 || 32-byte seed>

The key id is the first four bytes of SHA-256(name || 0x0A || 0x01 || public key).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_KEY_BYTES = 32
_SIGNER_PREFIX = "PRIVATE+KEY+"


class KeyFormatError(ValueError):
    """A text that is no key of a signed note. Its message never holds the key."""


def is_key_name(name: str) -> bool:
    """Not empty, no Unicode space, no plus (C2SP signed-note); here no control character either."""
    return bool(name) and name.isprintable() and not any(one.isspace() or one == "+" for one in name)


def decode_base64(text: str) -> bytes:
    """RFC 4648 section 4, only as an encoder writes it: one text for the same bytes. Raises ValueError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def encode_base64(data: bytes) -> str:
    """RFC 4648 section 4, with padding."""
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class VerifierKey:
    """A name and the public key that its signatures are checked with."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand for this key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a verifier key; raises KeyFormatError."""
        name, public, id_ = _parts(text)
        key = cls(name, public)
        if key.id.hex() != id_:
            raise KeyFormatError("the key id is not that of the name and key")
        return key

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this key signed the message (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SignerKey:
    """The private half; signs, and is never printed."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> SignerKey:
        """A new key from the operating system's randomness. Raises KeyFormatError where the name cannot be one."""
        if not is_key_name(name):
            raise KeyFormatError("a key's name is not empty and has no space or plus")
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> SignerKey:
        """Read a signer key; raises KeyFormatError."""
        if not text.startswith(_SIGNER_PREFIX):
            raise KeyFormatError("not a signer key")
        name, seed, id_ = _parts(text.removeprefix(_SIGNER_PREFIX))
        key = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if key.verifier.id.hex() != id_:
            raise KeyFormatError("the key id is not that of the name and key")
        return key

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes; the same message gives the same signature."""
        return self._private.sign(message)

    def write(self, path: Path) -> None:
        """Write the key to a new file that its owner alone can read; raises FileExistsError."""
        text = (
            f"{_SIGNER_PREFIX}{self.verifier.name}+{self.verifier.id.hex()}+"
            f"{encode_base64(ED25519 + self._private.private_bytes_raw())}\n"
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def _parts(text: str) -> tuple[str, bytes, str]:
    """Name, 32 key bytes and key id of ``name+id+base64``."""
    name, _, rest = text.partition("+")
    id_, _, encoded = rest.partition("+")
    try:
        key = decode_base64(encoded)
    except ValueError:
        raise KeyFormatError("the key is not base64") from None
    if not is_key_name(name) or not re.fullmatch(r"[0-9a-f]{8}", id_):
        raise KeyFormatError("not of the form name+id+key")
    if key[:1] != ED25519 or len(key) != 1 + _KEY_BYTES:
        raise KeyFormatError("not an Ed25519 key")
    return name, key[1:], id_
