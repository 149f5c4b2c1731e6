"""Queries within an injected fragment: what they show, of what, under which conditions."""

from __future__ import annotations

from kakuho.exposure.injection.cursor import Cursor
from kakuho.exposure.injection.grammar import ENDS, SETS
from kakuho.exposure.injection.nodes import Binary, Node, Select
from kakuho.exposure.injection.tokens import Token


class QueryReader(Cursor):
    """Reads SELECT, whole or broken off."""

    def _select(self) -> Select:
        start = self.at
        if self._word() == "WITH":
            while self.at < len(self.tokens) and self._word() != "SELECT":
                self.at += 1
                if self._operator(-1) == "(":
                    self._skip_to_close()
        self.at += 1
        while self._word() in ("DISTINCT", "ALL", "TOP", "SQL_CALC_FOUND_ROWS"):
            top = self._word() == "TOP"
            self.at += 1
            if top:
                self._primary()
        items, spans = self._items()
        from_start = self.at
        inner: list[Node] = []
        where: Node | None = None
        following: Select | None = None
        depth = 0
        while self.at < len(self.tokens):
            word, operator = self._word(), self._operator()
            if (operator == ")" and depth == 0) or operator == ";":
                break
            if word in SETS and depth == 0:
                end = self.at
                self.at += 1
                while self._word() in ("ALL", "DISTINCT"):
                    self.at += 1
                if self._word() == "SELECT":
                    following = self._select()
                return self._once(Select(items, tuple(self.tokens[from_start:end]), where,
                                         tuple(self.tokens[start : self.at]), tuple(inner), following,
                                         spans))  # fmt: skip
            if operator == "(" and self._word(1) == "SELECT":
                self.at += 1
                inner.append(self._select())
                self._close()
            elif operator in ("(", ")"):
                depth += 1 if operator == "(" else -1
                self.at += 1
            elif word in ("WHERE", "HAVING", "ON"):
                self.at += 1
                found = self._expression(0)
                where = found if where is None else Binary("AND", where, found)
            else:
                self.at += 1
        tokens = tuple(self.tokens[start : self.at])
        source = tuple(self.tokens[from_start : self.at])
        return self._once(Select(items, source, where, tokens, tuple(inner), following, spans))

    def _once(self, select: Select) -> Select:
        """The same query written twice is one, whichever slots its literals stand in."""
        return self.known.setdefault(tuple((token.kind, token.text) for token in select.tokens), select)

    def _items(self) -> tuple[tuple[Node, ...], tuple[tuple[Token, ...], ...]]:
        items: list[Node] = []
        spans: list[tuple[Token, ...]] = []
        while self.at < len(self.tokens):
            word, operator = self._word(), self._operator()
            if operator in (")", ";") or word in ("FROM", "WHERE", "LIMIT", "ORDER", "GROUP", "HAVING", "INTO", *SETS):
                break
            if operator == ",":
                self.at += 1
                continue
            before = self.at
            items.append(self._expression(0))
            spans.append(tuple(self.tokens[before : self.at]))
            if self._word() == "AS":
                self.at += 2
            elif self._is_alias():
                self.at += 1
            if self.at == before:
                self.at += 1
                self.errors += 1
        return tuple(items), tuple(spans)

    def _is_alias(self) -> bool:
        word = self._word()
        if word:
            return word not in ENDS and word not in SETS
        return self.at < len(self.tokens) and self.tokens[self.at].quoted
