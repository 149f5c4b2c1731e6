"""Rows out of sheets: CSV and TSV, JSON (a list of objects, one a line, or lists by name), Excel workbooks.

Cells are text as they stand. Of an Excel workbook (ECMA-376) only the values are read: no formula, macro or link.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from kakuho.exposure.manifest.chunks import AT_ONCE, Chunk, Row, Unread

ENCODINGS = ("utf-8-sig", "cp932", "euc_jp")
MOST_BYTES = 1 << 31
"""Bytes of a JSON document or a part of a workbook; a larger one is not read."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_CELL = re.compile(r"([A-Z]{1,3})\d+\Z")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


def encoding_of(data: bytes) -> str | None:
    """The encoding in which the beginning of a file reads; None where it is no text."""
    if b"\0" in data:
        return None
    for name in ENCODINGS:
        for cut in range(4):  # the end may cut a character
            try:
                data[: len(data) - cut].decode(name)
            except UnicodeDecodeError:
                continue
            return name
    return None


def csv_chunks(path: Path, place: str, encoding: str) -> Iterator[Chunk | Unread]:
    """Rows of comma- or tab-separated text; the first row may be the heading."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",\t;", key=first.count)
            rows: list[Row] = []
            for row in csv.reader(file, delimiter=delimiter, strict=True):
                if row:
                    rows.append(list(row))
                if len(rows) == AT_ONCE:
                    yield Chunk(place, None, None, rows)
                    rows = []
            if rows:
                yield Chunk(place, None, None, rows)
    except (UnicodeDecodeError, csv.Error):
        yield Unread(place, "damaged")


def json_chunks(path: Path, place: str, encoding: str) -> Iterator[Chunk | Unread]:
    """Objects as rows: their keys are columns, those of inner objects with a dot between."""
    if path.stat().st_size > MOST_BYTES:
        yield Unread(place, "not_understood")
        return
    text = path.read_text(encoding=encoding, errors="replace")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        try:
            whole = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            yield Unread(place, "damaged")
            return
    yield from _objects(whole, place)


def _objects(whole: Any, place: str) -> Iterator[Chunk | Unread]:
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list) and value and _are_objects(value)]
        plain = {key: value for key, value in whole.items() if not any(value is one for one in lists)}
        for one in lists:
            yield from _objects(one, place)
        if plain and not lists:
            yield from _objects([plain], place)
        elif any(isinstance(value, dict | list) and value for value in plain.values()):
            yield Unread(place, "not_understood")
        return
    if not isinstance(whole, list) or not _are_objects(whole):
        yield Unread(place, "not_understood")
        return
    for start in range(0, len(whole), AT_ONCE):
        flat = [dict(_flat(one, "")) for one in whole[start : start + AT_ONCE]]
        columns = tuple(dict.fromkeys(key for one in flat for key in one))
        yield Chunk(place, None, columns, [[one.get(column) for column in columns] for one in flat])


def _are_objects(values: list[Any]) -> bool:
    return all(isinstance(one, dict) for one in values)


def _flat(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, str | None]]:
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            yield from _flat(inner, f"{name}.")
        elif isinstance(inner, str) or inner is None:
            yield name, inner
        else:
            yield name, json.dumps(inner, ensure_ascii=False)


def is_workbook(path: Path) -> bool:
    """Whether the file is an Excel workbook (.xlsx, .xlsm)."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def workbook_chunks(path: Path, place: str) -> Iterator[Chunk | Unread]:
    """The rows of every work sheet, hidden ones too; the first row may be the heading."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            strings: list[str] = []
            if "xl/sharedStrings.xml" in names:
                with archive.open("xl/sharedStrings.xml") as file:
                    strings = _shared(file)
            for name in sorted(filter(_SHEET.match, names)):
                with archive.open(name) as file:
                    yield from _sheet(file, f"{place}/{name}", strings)
            if any(name.startswith(("xl/media/", "xl/embeddings/", "xl/comments")) for name in names):
                yield Unread(place, "not_understood")
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError, IndexError, RuntimeError):
        yield Unread(place, "damaged")


def _parts(file: IO[bytes], tag: str) -> Iterator[ElementTree.Element]:
    """Elements of a name, each emptied once it was looked at."""
    limited = io.BytesIO(file.read(MOST_BYTES))
    for _, element in ElementTree.iterparse(limited):  # noqa: S314 - expat refuses entities that multiply
        if element.tag in (_MAIN + tag, _STRICT + tag):
            yield element
            element.clear()


def _shared(file: IO[bytes]) -> list[str]:
    return [_text(element) for element in _parts(file, "si")]


def _text(element: ElementTree.Element) -> str:
    """The text of all runs; phonetic guides (rPh) are no part of it."""
    parts: list[str] = []
    for one in element:
        name = one.tag.rpartition("}")[2]
        if name == "t":
            parts.append(one.text or "")
        elif name == "r":
            parts.extend(inner.text or "" for inner in one if inner.tag.endswith("}t"))
    return "".join(parts)


def _sheet(file: IO[bytes], place: str, strings: list[str]) -> Iterator[Chunk]:
    rows: list[Row] = []
    for element in _parts(file, "row"):
        row: Row = []
        for cell in element:
            found = _CELL.match(cell.get("r") or "")
            column = _number(found[1]) if found else len(row)
            row.extend([None] * (column - len(row)))
            row.append(_value(cell, strings))
        if any(row):
            rows.append(row)
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    for start in range(0, len(rows), AT_ONCE):
        yield Chunk(place, None, None, rows[start : start + AT_ONCE])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, strings: list[str]) -> str | None:
    kind = cell.get("t")
    inner: Iterable[ElementTree.Element] = cell
    for one in inner:
        name = one.tag.rpartition("}")[2]
        if name == "is":
            return _text(one)
        if name == "v":
            text = one.text or ""
            return strings[int(text)] if kind == "s" else text
    return None
