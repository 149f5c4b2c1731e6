"""The few words that a renderer itself puts on a page, and how an inline reads as plain text."""

from __future__ import annotations

import unicodedata

from kakuho.language import Language
from kakuho.reporting.dates import day_text
from kakuho.reporting.model import Day, Inline, Missing

JOINER = "\u200d"
"""Zero-width joiner: part of some written characters."""

PHRASES: dict[str, dict[Language, str]] = {
    "sources": {"ja": "数値の根拠", "en": "Where each number comes from"},
    "sources_lead": {
        "ja": "本文の数値は、次の識別子の値です。それぞれの根拠は、事案のフォルダーで次の命令により確かめられます。",
        "en": "Each number above is the value of the fact named here. In the case folder, this command leads from a "
        "fact to its evidence.",
    },
    "missing": {"ja": "【要記入：{label}】", "en": "[TO BE FILLED IN: {label}]"},
}


def phrase(key: str, language: Language) -> str:
    return PHRASES[key][language]


def visible(text: str) -> str:
    """Text that shows what it is: controls that reorder, hide or break it are gone; every white space is a space."""
    kept = (" " if char.isspace() and char != "\u3000" else char for char in text)
    return "".join(char for char in kept if char == JOINER or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))


def plain(inline: Inline, language: Language) -> str:
    """The inline's words, without any mark."""
    match inline:
        case Day():
            return day_text(inline.day, language)
        case Missing():
            return visible(phrase("missing", language).format(label=inline.label))
        case _:
            return visible(inline.text)
