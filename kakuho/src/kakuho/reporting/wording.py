"""Which words a verdict allows. 「漏えいなし」 is refused unless the evidence carries it."""

from __future__ import annotations

from typing import Literal

from kakuho.errors import KakuhoError
from kakuho.inventory import Inventory
from kakuho.language import Bilingual, Language
from kakuho.reporting.assessment import Assessment, Cells
from kakuho.reporting.data import load

Level = Literal["confirmed", "possible", "reach"]


def level_of(cells: Cells) -> Level | None:
    """The strongest word that these cells call for; None where every one is ruled out."""
    if cells.confirmed:
        return "confirmed"
    if cells.possible > cells.reach:
        return "possible"
    return "reach" if cells.possible else None


def sentence(level: Level, language: Language) -> str:
    """「漏えいしたことを確認しました」 …, without a full stop."""
    return str(load("wording.yaml")["levels"][level][language])


def short(level: Level, language: Language) -> str:
    """A table's word for the level."""
    return str(load("wording.yaml")["short"][level][language])


def no_leak(assessment: Assessment, category: str, language: Language) -> str:
    """「漏えいなし」 for a category. Raises KakuhoError where the evidence does not carry it."""
    cells = assessment.of_category(category)
    established = bool(assessment.window.get("start_established"))
    if not cells.ruled_out or cells.affected or not established:
        raise KakuhoError(
            Bilingual(
                ja=f"区分 {category} を「漏えいなし」とは書けません。", en=f"'no leak' cannot be said of {category}"
            ),
            where=str(assessment.directory / "verdicts.parquet"),
            remedy=Bilingual(
                ja="すべての項目が否定され、侵入の開始時期が記録で裏付けられている場合に限ります。",
                en="it needs every item ruled out, and an intrusion whose start the logs establish",
            ),
        )
    return str(load("wording.yaml")["no_leak"][language])


def unaffected(assessment: Assessment, category: str, language: Language) -> str:
    """What a category without an affected record is told: 「漏えいなし」 if it may be said, else the weaker words."""
    try:
        return no_leak(assessment, category, language)
    except KakuhoError:
        return str(load("wording.yaml")["not_shown"][language])


def absent_kinds(inventory: Inventory, language: Language) -> tuple[str, ...]:
    """Kinds of data that people ask about and that the inventory does not hold (card data, My Number)."""
    keys = {key for item in inventory.items for key in (item.data_category,)} | {
        key for collection in inventory.collections for column in collection.fields for key in column.data_categories
    }
    ids = {item.id for item in inventory.items}
    return tuple(
        str(kind[language])
        for kind in load("wording.yaml")["absent"]
        if not ids & set(kind["ids"])
        and not any(key == wanted or key.startswith(f"{wanted}.") for key in keys for wanted in kind["keys"])
    )


def address(kind: str, categories: tuple[str, ...], language: Language) -> str:
    """How a letter addresses its reader (お客さま, 貴社); a category has its own words where it is the only one."""
    words = load("wording.yaml")["address"]
    own = words["categories"].get(categories[0]) if len(categories) == 1 else None
    return str((own or words[kind])[language])


def noted_items() -> tuple[str, ...]:
    """Items whose count gets a note under the table."""
    return tuple(load("wording.yaml")["noted_items"])
