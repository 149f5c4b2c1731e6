"""The few words that a renderer itself puts on a page, and how an inline reads as plain text."""

from __future__ import annotations

from kakuho.language import Language
from kakuho.reporting.dates import day_text
from kakuho.reporting.model import Day, Inline, Line, Missing

PHRASES: dict[str, dict[Language, str]] = {
    "sources": {"ja": "数値の根拠", "en": "Where each number comes from"},
    "sources_lead": {
        "ja": "本文の数値は、次の識別子の値です。それぞれの根拠は、事案のフォルダーで次の命令により確かめられます。",
        "en": "Each number above is the value of the fact named here. In the case folder, this command leads from a "
        "fact to its evidence.",
    },
    "missing": {"ja": "【要記入：{label}】", "en": "[TO BE FILLED IN: {label}]"},
    "page": {"ja": "ページ", "en": "page"},
}


def phrase(key: str, language: Language) -> str:
    return PHRASES[key][language]


def plain(inline: Inline, language: Language) -> str:
    """The inline's words, without any mark."""
    match inline:
        case Day():
            return day_text(inline.day, language)
        case Missing():
            return phrase("missing", language).format(label=inline.label)
        case _:
            return inline.text


def plain_line(line: Line, language: Language) -> str:
    return "".join(plain(inline, language) for inline in line)
