"""The header of a Zeek log of tab-separated values, and the values that its types make of a line.

    #separator \\x09
    #set_separator  ,
    #empty_field    (empty)
    #unset_field    -
    #path           conn
    #fields         ts      uid     …
    #types          time    string  …

Strings are escaped as ``\\xNN`` byte by byte (Zeek: base/frameworks/logging/writers/ascii).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kakuho.evidence.formats.json_records import integer_of

_ESCAPE = re.compile(r"((?:\\x[0-9A-Fa-f]{2})+)")


@dataclass(frozen=True)
class ZeekHeader:
    """What the header lines so far say."""

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    path: str | None = None
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def after(self, line: bytes) -> ZeekHeader:
        """The header with one more of its lines."""
        text = line.decode("utf-8", "backslashreplace")
        name, _, value = text.partition(" " if text.startswith("#separator") else self.separator)
        match name:
            case "#separator":
                return replace(ZeekHeader(), separator=unescaped(value.strip()) or "\t")
            case "#set_separator":
                return replace(self, set_separator=value or ",")
            case "#empty_field":
                return replace(self, empty=value)
            case "#unset_field":
                return replace(self, unset=value)
            case "#path":
                return replace(self, path=value)
            case "#fields":
                return replace(self, fields=tuple(value.split(self.separator)))
            case "#types":
                return replace(self, types=tuple(value.split(self.separator)))
        return self

    def readers(self) -> tuple[tuple[str, Callable[[str], Any]], ...]:
        """Name and conversion of each field; a type that is absent or unknown is text."""
        types = (*self.types, *["string"] * max(0, len(self.fields) - len(self.types)))
        return tuple((name, self._reader(kind)) for name, kind in zip(self.fields, types, strict=False))

    def _reader(self, kind: str) -> Callable[[str], Any]:
        if kind.startswith(("set[", "vector[")):
            inner = _READERS.get(kind[kind.index("[") + 1 : -1], unescaped)
            separator, unset = self.set_separator, self.unset
            return lambda text: [None if one == unset else inner(one) for one in text.split(separator)]
        return _READERS.get(kind, unescaped)


@dataclass(frozen=True)
class ZeekReader:
    """Reads lines under one header: quickly where no text is escaped or empty, else value by value; both alike."""

    header: ZeekHeader

    @cached_property
    def _readers(self) -> tuple[tuple[str, Callable[[str], Any]], ...]:
        return self.header.readers()

    @cached_property
    def _quick(self) -> tuple[tuple[int, Callable[[str], Any]], ...]:
        """Position and conversion of each field that is no text."""
        kinds = enumerate(self.header.types[: len(self.header.fields)])
        return tuple((at, self._quick_reader(at, kind)) for at, kind in kinds if kind in _QUICK or _is_list(kind))

    def _quick_reader(self, at: int, kind: str) -> Callable[[str], Any]:
        if not _is_list(kind):
            return _QUICK[kind]
        read, empty = self._readers[at][1], self.header.empty
        return lambda text: [] if text == empty else read(text)

    def record(self, text: str) -> dict[str, Any] | None:
        """The fields of a line that are set; None where it has not as many as the header."""
        header = self.header
        values = text.split(header.separator)
        if len(values) != len(header.fields):
            return None
        if "\\x" not in text:
            try:
                return self._read_quickly(values)
            except (ValueError, KeyError):
                values = text.split(header.separator)
        return self._read_carefully(values)

    def _read_quickly(self, values: list[Any]) -> dict[str, Any]:
        unset = self.header.unset
        for at, read in self._quick:
            if values[at] != unset:
                values[at] = read(values[at])
        if self.header.empty in values:
            raise ValueError
        return {name: value for name, value in zip(self.header.fields, values, strict=True) if value != unset}

    def _read_carefully(self, values: list[str]) -> dict[str, Any]:
        unset, empty = self.header.unset, self.header.empty
        return {
            name: read(value) if value != empty else _empty(read)
            for (name, read), value in zip(self._readers, values, strict=True)
            if value != unset
        }


def _is_list(kind: str) -> bool:
    return kind.startswith(("set[", "vector["))


def _empty(read: Callable[[str], Any]) -> Any:
    """An empty set or vector is a list, an empty string is one."""
    return [] if isinstance(read("(empty)"), list) else ""


def unescaped(text: str) -> str:
    """Text with its ``\\xNN`` read as bytes of UTF-8; what is no UTF-8 stays escaped."""
    if "\\x" not in text:
        return text
    return _ESCAPE.sub(_bytes_of, text)


def _bytes_of(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[1].replace("\\x", "")).decode("utf-8")
    except UnicodeDecodeError:
        return found[1]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _whole(text: str) -> int | str:
    number = integer_of(text)
    return text if number is None else number


def _truth(text: str) -> bool | str:
    return {"T": True, "F": False}.get(text, text)


def _decimal(text: str) -> int:
    """A number that 64 bits are sure to hold; ValueError for whatever else, which is read carefully."""
    if len(text) > 18:
        raise ValueError(text)
    return int(text)


_QUICK: dict[str, Callable[[str], Any]] = {
    "interval": float,
    "double": float,
    "count": _decimal,
    "int": _decimal,
    "port": _decimal,
    "bool": {"T": True, "F": False}.__getitem__,
}
"""For the quick path: conversions that fail where the careful ones would leave the text."""

_READERS: dict[str, Callable[[str], Any]] = {
    "time": str,
    "interval": _number,
    "double": _number,
    "count": _whole,
    "int": _whole,
    "port": _whole,
    "bool": _truth,
    "addr": str,
    "subnet": str,
    "enum": str,
}
