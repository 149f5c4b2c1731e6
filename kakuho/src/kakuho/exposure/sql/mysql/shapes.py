"""A MySQL statement's shape: its text with the literals behind comparisons taken out.

Only plain texts have one: no comment, no backslash, no double quotes, nothing that stands beside the literal.
"""

from __future__ import annotations

from kakuho.exposure.sql.mysql.plain import spelt
from kakuho.exposure.sql.mysql.words import NUMBER, TEXT, NotTakenApartError, words_of

_COMPARISONS = ("=", "<", ">", "<=", ">=", "<>", "!=")
_ENDS = ("and", "or", ")", "limit", "order", "group", "union", "having", ";", "then")
_NOT_PLAIN = ("\\", '"', "#", "--", "/*", "`", "__", "kakuho literal")


def take_out(text: str, mark: str, number: int) -> tuple[str, dict[str, str]] | None:
    """The shape, and what its marks stand for; ``mark`` (a format) and ``number`` (a base) give the marks.

    None where the statement has no such literal or is not plain enough.
    """
    if any(sign in text for sign in _NOT_PLAIN) or str(number)[:6] in text:
        return None
    try:
        words = words_of(text).words
    except NotTakenApartError:
        return None
    literals: dict[str, str] = {}
    parts: list[str] = []
    end = 0
    for place, word in enumerate(words):
        if word.kind not in (NUMBER, TEXT) or not place or not words[place - 1].means(*_COMPARISONS):
            continue
        if place + 1 < len(words) and not words[place + 1].means(*_ENDS):
            continue
        if word.kind == NUMBER and not (word.value.isdigit() and len(word.value) <= 18):
            continue
        sign = str(number + len(literals)) if word.kind == NUMBER else mark % len(literals)
        literals[sign] = spelt(word)
        parts += [text[end : word.start], sign]
        end = word.end
    return ("".join(parts) + text[end:], literals) if literals else None
