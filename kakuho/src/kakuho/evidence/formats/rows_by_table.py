"""Rows of several tables, gathered one by one and made into columns at once; the small conversions they need."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.json_records import IPV4, Rows

Row = dict[str, Any]
BLOCK_BYTES = 8 << 20
"""Smaller blocks than other formats': a row of Python objects takes thirty times the bytes of its line."""

_LONGEST_NUMBER = 18
_HIGHEST_PORT = 65535


class RowsByTable:
    """Rows (mappings of column to value; a missing column is null) under the name of their table."""

    def __init__(self) -> None:
        self._rows = Rows()

    def add(self, table: str, row: Row) -> None:
        """One more row; ``time`` in microseconds since 1970 (UTC)."""
        self._rows.add(table, row)

    def into(self, part: Part) -> None:
        """Make the rows the tables of ``part``."""
        part.tables |= self._rows.tables()


def as_json(fields: Mapping[str, Any]) -> str | None:
    """``fields`` as the text of ``unmapped``: keys sorted, no spaces; None where there is nothing."""
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode() if fields else None


def whole_number(text: str | None) -> int | None:
    """A whole number of at most 18 ASCII digits, with or without a minus; None for anything else."""
    if text is None:
        return None
    if len(text) <= _LONGEST_NUMBER and text.isascii() and text.isdigit():
        return int(text)
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        return None
    return int(text)


def port(text: str | None) -> int | None:
    """A port number; None for what is none."""
    number = whole_number(text)
    return number if number is not None and 0 <= number <= _HIGHEST_PORT else None


def ip_address(text: str | None) -> str | None:
    """An IP address as it was written, without a zone (``%eth0``); None for what is none, such as a host name."""
    if not text:
        return None
    return text if IPV4.fullmatch(text) else _ip_address(text)


@lru_cache(maxsize=1 << 14)
def _ip_address(text: str) -> str | None:
    bare = text.strip("[]").partition("%")[0]
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return None
    return bare.removeprefix("::ffff:") if "." in bare else bare
