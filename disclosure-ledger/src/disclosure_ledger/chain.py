"""The canonical line and its hash: what ties each line to all the lines before it.

``hash`` is the SHA-256 of the canonical JSON of the line without ``hash``; with a key, its HMAC-SHA-256 (RFC 2104).
As the line before is named in ``prev``, no line can be changed, removed, added or moved without all later ones.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from disclosure_ledger.errors import LedgerKeyError

Digest = Callable[[bytes], str]

MAC = "hmac-sha256"
MINIMUM_KEY_BYTES = 16

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def digest_under(key: bytes | None) -> Digest:
    """The hash function of a ledger with this key, or of one without."""
    if key is None:
        return lambda content: hashlib.sha256(content).hexdigest()
    return lambda content: hmac.digest(key, content, "sha256").hex()


def checked_key(key: bytes | None) -> bytes | None:
    if key is not None and len(key) < MINIMUM_KEY_BYTES:
        raise LedgerKeyError(
            ja=f"台帳の鍵が短すぎます（{len(key)} バイト）。{MINIMUM_KEY_BYTES} バイト以上の乱数にしてください。",
            en=f"The ledger's key is too short ({len(key)} bytes): use {MINIMUM_KEY_BYTES} random bytes or more.",
        )
    return key


def key_from_hex(text: str) -> bytes:
    """A key written as hexadecimal digits, as in a settings or key file."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        raise LedgerKeyError(
            ja="台帳の鍵は 16 進数で書いてください（例：openssl rand -hex 32 の出力）。",
            en="The ledger's key must be hexadecimal, such as the output of: openssl rand -hex 32",
        ) from None
    checked_key(key)
    return key


def sealed(record: Mapping[str, Any], digest: Digest, seal: str = "hash") -> tuple[bytes, str]:
    """The line of ``record`` (newline included) with its hash under the key ``seal``, and that hash.

    The two halves around the place of ``seal`` are encoded once and serve both the hash and the line.
    UnicodeEncodeError where a text is not valid Unicode.
    """
    before = _encode({name: value for name, value in record.items() if name < seal})[1:-1]
    after = _encode({name: value for name, value in record.items() if name > seal})[1:-1]
    between = "," if before and after else ""
    value = digest(f"{{{before}{between}{after}}}".encode())
    parts = [part for part in (before, f'"{seal}":"{value}"', after) if part]
    return f"{{{','.join(parts)}}}\n".encode(), value
