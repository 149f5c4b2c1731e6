"""A text of a MySQL log → its single statements in plain spelling, which sqlglot reads as the server does.

Comments are gone, strings stand between single quotes, marks that only MySQL has are spelt out. What a setting that no
log tells would make of it is said beside: ``doubtful`` where rows or their order may be others, never where names are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kakuho.exposure.sql.mysql.words import HEX, MARK, NAME, TEXT, VARIABLE, NotTakenApartError, Word, words_of

_MODIFIERS = frozenset(
    {"sql_cache", "sql_no_cache", "sql_small_result", "sql_big_result", "sql_buffer_result", "high_priority",
     "sql_calc_found_rows", "straight_join"}
)  # fmt: skip
_MARKS = {"||": "OR", "&&": "AND", "!=": "<>"}
_REFUSED = frozenset({"!", "\\", "{", "}", "[", "]", ":", "->", "->>"})
"""Marks of which sqlglot makes something else than every server does."""


@dataclass(frozen=True)
class Plain:
    """One statement. ``doubtful``: some setting or version takes it otherwise, over the same tables and columns.

    ``hidden``: its rows did not come back but went to a file, or into variables. ``counted``: the number of rows that
    it would have without its LIMIT was kept for a later question.
    """

    words: tuple[Word, ...]
    doubtful: bool = False
    hidden: bool = False
    counted: bool = False

    @property
    def text(self) -> str:
        """As SQL."""
        return " ".join(spelt(word) for word in self.words)

    def begins(self, *words: str) -> bool:
        """Whether the first words are these."""
        return len(self.words) >= len(words) and all(w.means(word) for w, word in zip(self.words, words, strict=False))

    def has(self, *words: str) -> bool:
        """Whether one of these stands anywhere in it."""
        return any(word.means(*words) for word in self.words)


def statements_of(text: str, is_name: Callable[[str], bool]) -> list[list[Plain]]:
    """The statements of ``text``, once for each way in which servers can take it apart.

    ``is_name``: whether a word in double quotes would name a table or column where ANSI_QUOTES is set. Raises
    NotTakenApartError where the ways differ in more than comments.
    """
    first = words_of(text)
    if any(word.quote == '"' and is_name(word.value) for word in first.words):
        raise NotTakenApartError
    if "\\" in text:
        _refuse_other_strings(text, first.words)
    ways = [first.words]
    if first.doubtful:
        ways.append(words_of(text, newer=False).words)
    return [[_plain(part, doubtful=first.doubtful) for part in _parts(way)] for way in ways]


def _refuse_other_strings(text: str, words: tuple[Word, ...]) -> None:
    """NO_BACKSLASH_ESCAPES: where that leaves a text that can be taken apart as well, it may have been set."""
    try:
        other = words_of(text, backslashes=False).words
    except NotTakenApartError:
        return
    if [(word.kind, word.value) for word in other] != [(word.kind, word.value) for word in words]:
        raise NotTakenApartError


def _parts(words: tuple[Word, ...]) -> list[list[Word]]:
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.means(";"):
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _plain(words: list[Word], *, doubtful: bool) -> Plain:
    kept, hidden = _without_into(_without_locks(words))
    found: list[Word] = []
    counted = False
    for word in kept:
        before = found[-1] if found else None
        if word.means(*_REFUSED) or word.means("xor", "sounds"):
            raise NotTakenApartError
        if word.means(*_MODIFIERS) and before is not None and before.means("select", "distinct", "all"):
            counted |= word.means("sql_calc_found_rows")
            continue
        if word.kind == TEXT and before is not None and before.kind == TEXT:
            found[-1] = replace(before, value=before.value + word.value)
            continue
        doubtful |= word.means("||")
        if word.kind == MARK and word.value in _MARKS:
            spelling = _MARKS[word.value]
            found.append(replace(word, value=spelling, kind=NAME if spelling.isalpha() else MARK))
        elif word.means("distinctrow"):
            found.append(replace(word, value="DISTINCT"))
        else:
            found.append(word)
    return Plain(tuple(found), doubtful, hidden, counted)


def _without_locks(words: list[Word]) -> list[Word]:
    """FOR UPDATE, FOR SHARE and LOCK IN SHARE MODE at the end change nothing of what is read."""
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        locks = word.means("for") and bool(rest) and rest[0].means("update", "share") and len(rest) <= 6
        if locks and all(w.kind == NAME or w.means(",") for w in rest):
            return words[:place]
        if word.means("lock") and [w.value.lower() for w in rest[:3]] == ["in", "share", "mode"]:
            return words[:place] + rest[3:]
    return words


def _without_into(words: list[Word]) -> tuple[list[Word], bool]:
    """SELECT … INTO OUTFILE, DUMPFILE or variables: the query without it, and whether there was one."""
    if not words or not words[0].means("select", "(", "with"):
        return words, False
    for place, word in enumerate(words):
        if not word.means("into"):
            continue
        end = place + 1
        if end < len(words) and (words[end].means("outfile", "dumpfile") or words[end].kind == VARIABLE):
            while end < len(words) and not words[end].means("from", "for", "lock", "union", ")"):
                end += 1
            return words[:place] + words[end:], True
        raise NotTakenApartError
    return words, False


def spelt(word: Word) -> str:
    """One word as SQL."""
    if word.kind == TEXT:
        return "'" + word.value.replace("\\", "\\\\").replace("'", "''") + "'"
    if word.kind == HEX:
        return f"b'{word.value[1:]}'" if word.value.startswith("b") else f"0x{word.value}"
    if word.quote == "`":
        return "`" + word.value.replace("`", "``") + "`"
    return word.value
