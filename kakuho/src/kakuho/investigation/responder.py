"""``responder.toml``: the states of access paths that no log can show, as a responder found them out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kakuho.errors import UsageError
from kakuho.inventory import Inventory
from kakuho.investigation.model import STATES
from kakuho.language import Bilingual

FIELDS = ("id", "state", "basis")


def read_path_decisions(file: Path, inventory: Inventory) -> list[dict[str, str]]:
    """The ``[[path]]`` tables of ``file``, each with ``id``, ``state`` and ``basis``.

    Raises UsageError naming file, line and field: not readable, not TOML, a field missing or unknown, a path that the
    inventory does not have, a state other than used, open or closed, one path decided twice.
    """
    text = _read(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(
            Bilingual(ja="判断のファイルを TOML として読めません。", en="the decisions file is not valid TOML"),
            f"{file}: {error}",
        ) from None
    unknown = sorted(set(document) - {"path"})
    tables = document.get("path", [])
    if unknown or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _wrong(
            Bilingual(
                ja="判断のファイルには [[path]] だけを書きます。", en="a decisions file holds [[path]] tables only"
            ),
            f"{file}: {', '.join(unknown) or 'path'}",
        )
    known = [path.id for path in inventory.access_paths]
    decided: list[dict[str, str]] = []
    for index, table in enumerate(tables):
        _check_fields(file, text, index, table)
        if table["id"] not in known:
            raise UsageError(
                Bilingual(
                    ja=f"目録に経路 {table['id']!r} はありません。", en=f"the inventory has no path {table['id']!r}"
                ),
                where=_place(file, text, index, "id"),
                remedy=Bilingual(ja="目録にある経路: ", en="paths of the inventory: ") + ", ".join(known),
            )
        if table["state"] not in STATES:
            raise _wrong(
                Bilingual(
                    ja=f"状態 {table['state']!r} は使えません。used、open、closed のどれかです。",
                    en=f"no state {table['state']!r}: used, open or closed",
                ),
                _place(file, text, index, "state"),
            )
        if any(one["id"] == table["id"] for one in decided):
            raise _wrong(
                Bilingual(
                    ja=f"経路 {table['id']!r} が二度書かれています。", en=f"path {table['id']!r} is decided twice"
                ),
                _place(file, text, index, "id"),
            )
        decided.append({name: table[name] for name in FIELDS})
    return decided


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"byte {error.start}"
        raise UsageError(
            Bilingual(ja="判断のファイルを UTF-8 として読めません。", en="the decisions file cannot be read as UTF-8"),
            where=f"{file}: {reason}",
            remedy=Bilingual(ja="ファイル名と文字コードを確かめてください。", en="check its name and encoding"),
        ) from None


def _check_fields(file: Path, text: str, index: int, table: dict[str, Any]) -> None:
    for name in FIELDS:
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise _wrong(
                Bilingual(ja=f"[[path]] に {name} がありません。", en=f"a [[path]] without {name}"),
                _place(file, text, index, name),
            )
    for name in table:
        if name not in FIELDS:
            raise _wrong(
                Bilingual(ja=f"[[path]] に項目 {name} はありません。", en=f"[[path]] has no field {name}"),
                _place(file, text, index, name),
            )


def _wrong(what: Bilingual, where: str) -> UsageError:
    return UsageError(
        what,
        where=where,
        remedy=Bilingual(
            ja='[[path]] ごとに id、state（"used"・"open"・"closed"）、basis（根拠）を書いてください。',
            en='write id, state ("used", "open" or "closed") and basis for each [[path]]',
        ),
    )


def _place(file: Path, text: str, index: int, name: str) -> str:
    """File, line and field: the field's line in the ``index``-th table, else that table's first line."""
    heading = -1
    line_of_table = 1
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.split("#")[0].replace(" ", "")
        if stripped.startswith("[[path]]"):
            heading += 1
            line_of_table = number if heading == index else line_of_table
        elif heading == index and stripped.startswith(f"{name}="):
            return f"{file}, line {number}: {name}"
    return f"{file}, line {line_of_table}: {name}"
