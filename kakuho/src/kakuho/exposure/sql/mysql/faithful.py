"""Was a statement read as it was written? It is printed again and held against its words, one by one.

sqlglot knows some functions and operators by another name, and leaves out or puts in words that mean nothing. Whatever
else differs was not understood: such a statement widens. So the precedence of operators, too, is the server's own,
since it is the printed words that are run.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.mysql.words import HEX, NAME, NUMBER, TEXT, NotTakenApartError, Word, words_of

_SAME = {
    "substr": "substring", "mid": "substring", "ifnull": "coalesce", "lcase": "lower", "ucase": "upper",
    "character_length": "char_length", "sha1": "sha", "database": "schema", "nchar": "char", "pow": "power",
    "ceiling": "ceil", "mod": "%", "rlike": "regexp", "from": ",", "for": ",", "distinctrow": "distinct",
    "current_timestamp": "now", "localtime": "now", "localtimestamp": "now",
}  # fmt: skip
_MEANS_NOTHING = frozenset({"as", "inner", "outer", "asc", "not"})
"""NOT only moves: ``a NOT IN (1)`` is printed ``NOT a IN (1)``. How many there are is compared."""


def is_faithful(words: Sequence[Word], tree: exp.Expr) -> bool:
    """Whether ``tree``, printed, has the words of the statement that it was read from."""
    try:
        printed = words_of(MYSQL.sql(tree)).words
    except NotTakenApartError:
        return False
    nots = [sum(word.means("not") for word in side) for side in (words, printed)]
    return nots[0] == nots[1] and _normal(words) == _normal(printed)


def _normal(words: Sequence[Word]) -> list[str]:
    found: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else None
        if word.kind == NAME:
            value = word.value.lower()
            if not word.quote and value in _MEANS_NOTHING:
                continue
            if value == "distinct" and before is not None and before.means("union", "intersect", "except"):
                continue
            if value == "all" and before is not None and before.means("select"):
                continue
            found.append(value if word.quote else _SAME.get(value, value))
        elif word.kind == TEXT:
            named = before is not None and before.means("as")
            counted = before is not None and before.means("interval") and word.value.isdigit()
            found.append(word.value.lower() if named else word.value if counted else "'" + word.value)
        elif word.kind in (NUMBER, HEX):
            found.append(("" if word.kind == NUMBER else "0x") + word.value.lower())
        else:
            found.append(word.value)
    return _windows(_without_separator(found))


def _without_separator(words: list[str]) -> list[str]:
    """GROUP_CONCAT's usual one is printed where none was written."""
    found: list[str] = []
    for word in words:
        if word == "'," and found and found[-1] == "separator":
            found.pop()
        else:
            found.append(word)
    return found


def _windows(words: list[str]) -> list[str]:
    """``LIMIT 2, 5`` is ``LIMIT 5 OFFSET 2``."""
    for place in range(len(words) - 3):
        if words[place] == "limit" and words[place + 2] == ",":
            words[place + 1 : place + 4] = [words[place + 3], "offset", words[place + 1]]
    return words
