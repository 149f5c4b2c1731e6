"""Codes to characters: what a number that a function gives for a character means, system by system."""

from __future__ import annotations

from kakuho.exposure.injection.systems import MYSQL, ORACLE, POSTGRESQL, SQL_SERVER, SQLITE

UNDECIDED = "\N{REPLACEMENT CHARACTER}"
"""Stands for one character that the log does not decide."""


def character(code: int, function: str, system: str | None) -> str | None:
    """The character of a code; None where the number does not tell it. A half of a UTF-16 pair is given as it is.

    MySQL's ORD and Oracle's ASCII give the bytes of a character as one number; PostgreSQL's ASCII and SQLite's UNICODE
    its code point; SQL Server's UNICODE a UTF-16 unit; MySQL's ASCII only the first byte.
    """
    if code < 128:
        return chr(code)
    if not function:
        return _point(code)
    if function == "ORD" or (function == "ASCII" and system == ORACLE):
        return _bytes(code)
    if function in ("UNICODE", "UNICODE_CODE", "CODEPOINT", "ASCW", "TO_CODE_POINTS"):
        return _point(code)
    if function == "ASCII" and (system == POSTGRESQL or (system is None and 256 <= code <= 0x10FFFF)):
        return _point(code)
    if function == "ASCII" and system == SQLITE:
        return _point(code)
    return None


def _point(code: int) -> str | None:
    return chr(code) if code <= 0x10FFFF else None


def _bytes(code: int) -> str | None:
    data = code.to_bytes((code.bit_length() + 7) // 8, "big")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 else None


def joined(characters: list[str]) -> str:
    """Characters as a text, halves of UTF-16 pairs put together; a half alone is undecided."""
    text = "".join(characters)
    if not any(0xD800 <= ord(one) < 0xE000 for one in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unhexed(digits: str) -> str | None:
    """The text that hexadecimal digits spell, UTF-8; undecided where a digit is. None where they are none."""
    digits = digits[2:] if digits[:2] in ("0x", "0X") else digits
    if len(digits) % 2 or not digits or not set(digits.upper()) <= set("0123456789ABCDEF" + UNDECIDED):
        return None
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    data = b"".join(b"\xff" if UNDECIDED in pair else bytes.fromhex(pair) for pair in pairs)
    return data.decode("utf-8", "replace")


def folds_case(system: str | None) -> bool:
    """Whether ``'a' = 'A'`` may hold in the system as it is installed. Of an unknown one it is taken that it does
    not."""
    return system in (MYSQL, SQL_SERVER)


def like_folds_case(system: str | None) -> bool:
    """The same for LIKE, which ignores the case of ASCII letters in SQLite too."""
    return system not in (POSTGRESQL, ORACLE, None)


def orders_by_code(system: str | None) -> bool:
    """Whether texts are ordered by their characters' codes in the system as it is installed."""
    return system in (SQLITE, ORACLE, None) or (system not in (MYSQL, SQL_SERVER, POSTGRESQL))
