"""A column whose name and table tell nothing: what its values say, and what then has to be looked at."""

from __future__ import annotations

import re

from kakuho.inventory.classify import recognisers
from kakuho.inventory.classify.context import ENOUGH, ColumnContext, said
from kakuho.inventory.classify.model import OPERATIONS, Judgement
from kakuho.inventory.classify.types import is_long
from kakuho.inventory.classify.vocabulary import FREE_TEXT, FREE_TEXT_JA
from kakuho.inventory.sources.model import SourceColumn

_TEXT_OF_SYSTEM = re.compile(
    r"_(note|notes|memo|comment|message|body|mail_body|text|content|inquiry|question|answer|payload|data|value)_$"
)
_SMALL = re.compile(r"-?\d{1,5}(\.\d+)?|\d{4}-\d\d-\d\d([ T]\d\d:\d\d.*)?|true|false|t|f")
_VALUE_KINDS = (
    ("email", 0.6, "user.contact.email", "email"),
    ("my_number", 0.9, "user.government_id.national_identification_number", "national_id"),
    ("card", 0.9, "user.financial.credit_card", "card"),
    ("secret", 0.9, "user.authorization.credentials", "password"),
    ("address", 0.6, "user.contact.address", "address"),
    ("phone", 0.7, "user.contact.phone_number", "phone"),
    ("ip", 0.8, "user.device.ip_address", "ip_address"),
    ("japanese_name", 0.25, "user.name", "name"),
)
"""(recogniser, least share of values, category, item): what values alone may say."""


def by_values(column: SourceColumn, kind_: str, context: ColumnContext) -> Judgement | None:
    """What the values alone say, where the name says nothing."""
    if len(column.samples) < ENOUGH:
        return None
    if kind_ in ("date", "text") and context.of_party and recognisers.is_spread_of_births(column.samples):
        return said(
            "user.demographic.date_of_birth",
            "birth_date",
            0.6,
            "日付が生年月日のように広がる",
            "dates spread as births do",
        )
    if kind_ not in ("text", "number", "json"):
        return None
    if recognisers.share("corporate_number", column.samples) >= 0.9:
        return said(OPERATIONS, None, 0.85, "法人番号（公開の番号）", "corporate numbers, which are public")
    for recogniser, least, category, item in _VALUE_KINDS:
        part = recognisers.share(recogniser, column.samples)
        if part >= least and (kind_ == "text" or recogniser in ("my_number", "card")) and len(set(column.samples)) > 3:
            shown = recognisers.NAMES[recogniser]
            return said(
                category,
                item,
                min(0.74, 0.4 + part / 2),
                f"標本の{part:.0%}が{shown[0]}",
                f"{part:.0%} of samples are {shown[1]}",
            )
    return None


def free_text(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement | None:
    if kind_ not in ("text", "json", "binary"):
        return None
    named = FREE_TEXT.search(written) or (FREE_TEXT_JA.search(column.comment) if column.comment else None)
    if context.about in ("person", "detail") and (
        kind_ == "json" or (kind_ == "text" and (named or (context.persons and is_long(column.type))))
    ):
        return said(
            "user.content.private", "notes", 0.6, "個人情報を含みうる文章", "running text that may hold personal data"
        )
    if context.about in ("person", "detail") and kind_ == "text" and _is(column, "json"):
        return said("user.content.private", "notes", 0.6, "JSON（何でも入る）", "JSON, which can hold anything")
    if context.about in ("person", "detail") and kind_ == "text" and _is(column, "ciphertext"):
        return said(
            "user", "notes", 0.5, "暗号文か符号で中身が見えない", "encrypted or encoded: it cannot be looked into"
        )
    if context.about in ("person", "detail") and kind_ == "binary":
        return said("user.content", "notes", 0.5, "中身の分からない値", "a value that cannot be looked into")
    if (
        len(column.samples) >= ENOUGH
        and recognisers.share("free_text", column.samples) >= 0.5
        and context.about == "system"
    ):
        return said("user.content.private", "notes", 0.4, "文章が入っている", "it holds running text")
    return None


def rest(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement:
    if (
        context.about in ("system", "vocabulary")
        and kind_ in ("text", "json", "binary")
        and (_TEXT_OF_SYSTEM.search(written) or kind_ != "text")
    ):
        return said(OPERATIONS, None, 0.5, "何が入るか分からない", "what it holds cannot be told")
    if not context.of_party:
        return said(
            OPERATIONS,
            None,
            0.85 if context.about != "system" else 0.75,
            "人に関する表ではない",
            "the table is not about persons",
        )
    if kind_ == "text" and not (_few(column) or _is_small(column)):
        return said(OPERATIONS, None, 0.5, "手掛かりのない列", "nothing tells what it holds")
    return said(OPERATIONS, None, 0.76, "区分・日付・数と見える", "it looks like a code, a date or a count")


def _few(column: SourceColumn) -> bool:
    """Whether a column holds a few words again and again: a code, a status."""
    return len(column.samples) >= 20 and len(set(column.samples)) <= max(8, len(column.samples) // 10)


def _is(column: SourceColumn, recogniser: str) -> bool:
    return len(column.samples) >= ENOUGH and recognisers.share(recogniser, column.samples) >= 0.8


def _is_small(column: SourceColumn) -> bool:
    """Whether a text column (as every column of a CSV file is) holds only counts or times of day and dates."""
    return len(column.samples) >= ENOUGH and all(_SMALL.fullmatch(value) for value in column.samples)
