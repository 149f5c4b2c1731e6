"""The line and its hash, to the byte: other programs check them by the published format alone."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from disclosure_ledger.chain import digest_under, key_from_hex, sealed
from disclosure_ledger.errors import LedgerKeyError

RECORD = {"v": 1, "kind": "disclosure", "actor": {"role": None, "kind": "staff"}, "note": "氏名"}
CANONICAL = '{"actor":{"kind":"staff","role":null},"kind":"disclosure","note":"氏名","v":1}'.encode()


def test_the_hash_is_the_sha256_of_the_sorted_line_without_it() -> None:
    expected = hashlib.sha256(CANONICAL).hexdigest()
    line, value = sealed(RECORD, digest_under(None))
    assert value == expected
    assert (
        line
        == (
            '{"actor":{"kind":"staff","role":null},"hash":"' + expected + '","kind":"disclosure","note":"氏名","v":1}\n'
        ).encode()
    )


def test_with_a_key_the_hash_is_an_hmac() -> None:
    key = bytes(range(32))
    assert sealed(RECORD, digest_under(key))[1] == hmac.new(key, CANONICAL, hashlib.sha256).hexdigest()


def test_the_hash_stands_first_where_no_key_sorts_before_it_and_last_where_none_sorts_after() -> None:
    digest = digest_under(None)
    assert sealed({"kind": "header"}, digest)[0].startswith(b'{"hash":"')
    assert sealed({"actor": None}, digest)[0].startswith(b'{"actor":null,"hash":"')


@pytest.mark.parametrize(
    ("text", "message"),
    [("0123", "too short"), ("鍵", "must be hexadecimal"), ("xyz", "must be hexadecimal"), ("", "too short")],
)
def test_a_weak_or_malformed_key_is_refused(text: str, message: str) -> None:
    with pytest.raises(LedgerKeyError, match=message):
        key_from_hex(text)


def test_a_key_file_may_end_with_a_newline() -> None:
    assert key_from_hex("00112233445566778899aabbccddeeff\n") == bytes.fromhex("00112233445566778899aabbccddeeff")
