"""Read an inventory file; every fault is told with the line and column that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kakuho.errors import KakuhoError
from kakuho.inventory.faults import Fault, circles, dangling
from kakuho.inventory.file_form import InventoryForm
from kakuho.inventory.model import Inventory
from kakuho.inventory.positions import Position, position_of
from kakuho.inventory.protection_faults import protection_faults
from kakuho.inventory.validation import faults_of
from kakuho.language import Bilingual

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
_SHOWN = 20


@dataclass(frozen=True)
class PlacedFault:
    """A fault and where it stands."""

    fault: Fault
    position: Position


class InventoryError(KakuhoError):
    """An inventory that does not hold: the first fault in front, all of them in ``faults``, in the file's order."""

    def __init__(self, path: Path, faults: list[PlacedFault]) -> None:
        first, *more = self.faults = sorted(faults, key=lambda one: one.position)
        super().__init__(first.fault.what, where=f"{path}, {_at(first)}", remedy=_remedies(first, more))


@dataclass(frozen=True)
class InventoryFile:
    """A file that holds: its content in both forms, and where each part stands."""

    path: Path
    inventory: Inventory
    form: InventoryForm
    root: yaml.Node


def load_inventory(path: Path) -> Inventory:
    """Read and check ``path``.

    Raises ``KakuhoError`` naming file, line and column: not readable, not YAML, unknown keys, dangling names, a table
    that
    leads to nobody, a path whose regular expression does not compile.
    """
    return load_file(path).inventory


def load_file(path: Path) -> InventoryFile:
    """The same, with the file's form and positions."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KakuhoError(
            Bilingual(ja="台帳をUTF-8の文字として読めません。", en="the inventory cannot be read as UTF-8 text"),
            where=str(path),
            remedy=Bilingual(ja="ファイル名と文字コードを確かめてください。", en="check the file's name and encoding"),
        ) from error
    root, raw = _parsed(path, text)
    if not isinstance(raw, dict) or raw.get("inventory") != 1:
        raise KakuhoError(
            Bilingual(ja="版1の目録ではありません。", en="this is not an inventory of version 1"),
            where=f"{path}, line 1, column 1",
            remedy=Bilingual(
                ja="先頭に inventory: 1 が要ります。kakuho inventory draft が下書きを作ります。",
                en="it begins with inventory: 1; kakuho inventory draft writes a first one",
            ),
        )
    try:
        form = InventoryForm.model_validate(raw)
    except ValidationError as error:
        raise InventoryError(path, [_placed(root, fault) for fault in faults_of(error)]) from None
    inventory = _flat(form)
    found = [*dangling(form, inventory), *protection_faults(form)] or list(circles(form, inventory))
    if found:
        raise InventoryError(path, [_placed(root, fault) for fault in found])
    return InventoryFile(path, inventory, form, root)


def _parsed(path: Path, text: str) -> tuple[yaml.Node, Any]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return root, (loader.construct_document(root) if root is not None else None)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise KakuhoError(
            Bilingual(ja="YAML として読めません。", en="the inventory is not valid YAML"),
            where=f"{path}{line}",
            remedy=Bilingual(
                ja="その行か一つ前の行の字下げ・引用符・かっこを確かめてください。",
                en="check indentation, quotes and brackets on that line and the one before",
            ),
        ) from error
    finally:
        loader.dispose()


def _flat(form: InventoryForm) -> Inventory:
    """Fideslang's nesting with its ``kakuho`` extension → the flat model."""
    collections = [
        {
            "name": collection.name,
            "fields": [flat for field in collection.fields for flat in field.flat()],
            **collection.kakuho.model_dump(),
        }
        for dataset in form.dataset
        for collection in dataset.collections
    ]
    kept = (
        "system", "time_zone", "categories", "items", "access_paths", "evidence_sources", "keys", "error_pages",
    )  # fmt: skip
    return Inventory.model_validate({**{key: getattr(form, key) for key in kept}, "collections": collections})


def _placed(root: yaml.Node | None, fault: Fault) -> PlacedFault:
    return PlacedFault(fault, position_of(root, fault.place, key=fault.at_key))


def _at(placed: PlacedFault) -> str:
    where = ".".join(str(part) for part in placed.fault.place)
    return f"line {placed.position.line}, column {placed.position.column}: {where}"


def _remedies(first: PlacedFault, more: list[PlacedFault]) -> Bilingual:
    """What to do about the first fault, then the others, each with its place."""
    remedy = first.fault.remedy
    if not more:
        return remedy
    shown = more[:_SHOWN]
    ja = [f"  {one.position.line}行{one.position.column}列: {one.fault.what.ja} {one.fault.remedy.ja}" for one in shown]
    en = [
        f"  line {one.position.line}, column {one.position.column}: {one.fault.what}; {one.fault.remedy}"
        for one in shown
    ]
    rest = len(more) - len(shown)
    if rest:
        ja.append(f"  ほか {rest} 件")
        en.append(f"  and {rest} more")
    return Bilingual(ja="\n".join([f"{remedy.ja} ほかの誤り:", *ja]), en="\n".join([f"{remedy}; other faults:", *en]))
