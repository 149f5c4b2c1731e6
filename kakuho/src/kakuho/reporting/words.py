"""The documents' sentences: ``texts/<document>.yaml``, in Japanese and English, with ``{slots}`` for what is known.

A slot takes inlines, never markup; a slot that the sentence lacks or the caller forgot is an error, not a blank.
"""

from __future__ import annotations

import re
from typing import Any

from kakuho.language import Language
from kakuho.reporting.data import load
from kakuho.reporting.model import Inline, Line, Strong, Text

_SLOT = re.compile(r"\{(\w+)\}|\*\*(.+?)\*\*")

Slot = str | Inline | Line


class Words:
    """The texts of one document in one language; texts that all documents share are found too."""

    def __init__(self, document: str, language: Language) -> None:
        self.language: Language = language
        self._texts = (load(f"texts/{document}.yaml"), load("texts/common.yaml"))

    def line(self, key: str, **slots: Slot) -> Line:
        """The sentence ``key`` (``section.name``) with its slots filled."""
        return fill(self.template(key), **slots)

    def template(self, key: str) -> str:
        return str(self._found(key)[self.language])

    def lines(self, key: str, **slots: Slot) -> tuple[Line, ...]:
        """A list of sentences."""
        return tuple(fill(str(entry[self.language]), **slots) for entry in self._found(key))

    def keys(self, key: str) -> tuple[str, ...]:
        """The names under ``key``, in the file's order."""
        return tuple(f"{key}.{name}" for name in self._found(key))

    def _found(self, key: str) -> Any:
        for texts in self._texts:
            found: Any = texts
            for part in key.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            if found is not None:
                return found
        raise KeyError(key)


def fill(template: str, **slots: Slot) -> Line:
    """A template's text with ``{slots}`` replaced and ``**strong**`` words marked."""
    inlines: list[Inline] = []
    end = 0
    for match in _SLOT.finditer(template):
        inlines.extend(as_line(template[end : match.start()]))
        inlines.extend((Strong(match[2]),) if match[2] else as_line(slots[match[1]]))
        end = match.end()
    inlines.extend(as_line(template[end:]))
    return tuple(inlines)


def as_line(slot: Slot) -> Line:
    if isinstance(slot, str):
        return (Text(slot),) if slot else ()
    return slot if isinstance(slot, tuple) else (slot,)


def join(lines: list[Line] | tuple[Line, ...], separator: str) -> Line:
    """Lines in one, with ``separator`` between them."""
    joined: list[Inline] = []
    for position, line in enumerate(lines):
        if position:
            joined.append(Text(separator))
        joined.extend(line)
    return tuple(joined)
