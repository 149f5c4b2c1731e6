"""Statements that differ only in what a column is compared with are analysed once.

    SELECT name FROM holder WHERE id = 123        shape: SELECT name FROM holder WHERE id = ?

Only literals behind a comparison are taken out: those never decide what a statement reads, only of which rows.
Elsewhere (LIMIT 10, varchar(5), ORDER BY 2) a literal belongs to the shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kakuho.exposure.sql.analysis import NO_SESSION, analyse
from kakuho.exposure.sql.block import Analysis, Block
from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.forms import Session
from kakuho.exposure.sql.mysql.shapes import take_out as take_out_of_mysql
from kakuho.exposure.sql.schema import Schema

_LITERAL = re.compile(
    r"""((?<![-#@&|~*?<>!=])(?:<>|!=|<=|>=|=|<|>)\s*)('(?:[^'\\]|'')*'|\d{1,18}(?![\w.])|\$\d+)|'(?:[^']|'')*'|"[^"]*\""""
)
_UNSAFE = re.compile(r"--|/\*|\$\w*\$|\\|\b[eEbBxXuU]&?'|\?")
_OTHER_PARAMETER = re.compile(r"\$\d")
_MARK = "'kakuho literal %d'"
_NUMBER = 771_180_000_000


class Shapes:
    """Analyses statements; remembers what each shape reads."""

    def __init__(self, schema: Schema, session: Session = NO_SESSION) -> None:
        self._schema = schema
        self._session = session
        self._known: dict[str, Analysis] = {}

    def analyse(self, text: str, parameters: Sequence[str | None] = ()) -> Analysis:
        """As :func:`kakuho.exposure.sql.analyse`."""
        mysql = self._schema.dialect is MYSQL
        taken = take_out_of_mysql(text, _MARK, _NUMBER) if mysql else take_out(text, parameters)
        if taken is None:
            return analyse(text, self._schema, parameters, self._session)
        shape, literals = taken
        if shape not in self._known:
            self._known[shape] = analyse(shape, self._schema, (), self._session)
        known = self._known[shape]
        if known.everything or known.why:
            return analyse(text, self._schema, parameters, self._session)
        return Analysis(tuple(_put_in(block, literals) for block in known.blocks))


def take_out(text: str, parameters: Sequence[str | None] = ()) -> tuple[str, dict[str, str]] | None:
    """The shape, and what its marks stand for; None where the statement has no such literal or is not plain enough."""
    if any("__" in value for value in parameters if value) or "__" in text:
        return None
    if _UNSAFE.search(text) or "kakuho literal" in text or str(_NUMBER)[:6] in text:
        return None
    literals: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        before, literal = found[1], found[2]
        if literal is None:
            return found[0]
        place = len(literals)
        if literal.startswith("$"):
            number = int(literal[1:]) - 1
            value = parameters[number] if 0 <= number < len(parameters) else None
            if value is None or "\\" in value or "\x00" in value:
                return found[0]
            literal = "'" + value.replace("'", "''") + "'"
        sign = str(_NUMBER + place) if literal[0] != "'" else _MARK % place
        literals[sign] = literal
        return before + sign

    shape = _LITERAL.sub(mark, text)
    return (shape, literals) if literals and not _OTHER_PARAMETER.search(shape) else None


def _put_in(block: Block, literals: dict[str, str]) -> Block:
    def put(text: str | None) -> str | None:
        if text:
            for sign, literal in literals.items():
                text = text.replace(sign, literal)
        return text

    return replace(
        block,
        slots=tuple(replace(s, named=put(s.named) or "") if s.named else s for s in block.slots),
        source=put(block.source),
        condition=put(block.condition) or "",
        bare=put(block.bare),
        identity=put(block.identity) or "",
        kept=put(block.kept) or "",
    )
