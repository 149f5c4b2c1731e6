"""What pydantic found wrong with a file, in words, with the keys there are."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from kakuho.inventory.faults import Fault, meant
from kakuho.inventory.file_form import InventoryForm
from kakuho.inventory.positions import Place
from kakuho.language import Bilingual

_FORM = Bilingual(
    ja="その行を直してください。形は docs/inventory.md にあります。",
    en="correct that line; docs/inventory.md shows the form",
)
_KINDS = {
    "string_type": ("文字列", "text"),
    "int_type": ("整数", "an integer"),
    "bool_type": ("true か false", "true or false"),
    "bool_parsing": ("true か false", "true or false"),
    "tuple_type": ("並び（- または [ ]）", "a list"),
    "list_type": ("並び（- または [ ]）", "a list"),
    "dict_type": ("対応（キー: 値）", "a mapping"),
    "model_type": ("対応（キー: 値）", "a mapping"),
    "model_attributes_type": ("対応（キー: 値）", "a mapping"),
}


def faults_of(error: ValidationError) -> list[Fault]:
    """One fault a wrong place; of several forms that a value may have, the complaint of the first."""
    found: dict[Place, Fault] = {}
    for one in error.errors(include_input=True, include_url=False):
        place = _place(one["loc"])
        if one["type"] == "too_short" and any(other[: len(place)] == place for other in found):
            continue  # only because its entries are wrong
        found.setdefault(place, _fault(dict(one), place))
    return list(found.values())


def _place(loc: tuple[Any, ...]) -> Place:
    """Without the parts that name a form of a union rather than something in the file."""
    return tuple(
        part for part in loc if not (isinstance(part, str) and ("[" in part or part.startswith(("literal", "tuple"))))
    )


def _fault(one: dict[str, Any], place: Place) -> Fault:
    name = str(place[-1]) if place else ""
    kind = one["type"]
    where = ".".join(str(part) for part in place)
    if kind == "missing":
        return Fault(
            Bilingual(ja=f"{name!r} がありません（{where}）。", en=f"the inventory does not hold: {where} is missing"),
            place,
            Bilingual(ja=f"{name} を加えてください。", en=f"add {name}"),
        )
    if kind == "extra_forbidden":
        return Fault(
            Bilingual(
                ja=f"知らない名前 {name!r} です。", en=f"the inventory does not hold: {name!r} is not known here"
            ),
            place,
            meant(name, keys_at(place[:-1]), _FORM),
            at_key=True,
        )
    if kind == "literal_error":
        expected = str(one["ctx"]["expected"])
        choices = [part.strip().strip("'") for part in expected.replace(" or ", ",").split(",")]
        return Fault(
            Bilingual(
                ja=f"{name}: 使えない値です。",
                en=f"the inventory does not hold: {where} has a value that is not allowed",
            ),
            place,
            meant(one["input"], choices, _FORM),
        )
    if kind in _KINDS:
        ja, en = _KINDS[kind]
        return Fault(
            Bilingual(ja=f"{name}: {ja}が要ります。", en=f"the inventory does not hold: {where} has to be {en}"),
            place,
            _FORM,
        )
    if kind == "too_short":
        return Fault(
            Bilingual(ja=f"{name} が空です。", en=f"the inventory does not hold: {where} is empty"),
            place,
            Bilingual(ja="少なくとも一つ書いてください。", en="give at least one"),
        )
    return Fault(
        Bilingual(ja=f"{where}: 値が正しくありません。", en=f"the inventory does not hold: {where}: {one['msg']}"),
        place,
        _FORM,
    )


def keys_at(place: Place) -> list[str]:
    """The keys that the form has at ``place``."""
    model: Any = InventoryForm
    for part in place:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        model = _model(field.annotation) if field is not None else None
        if model is None:
            return []
    return list(model.model_fields)


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)
