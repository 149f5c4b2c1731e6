"""A tolerant parser of injected fragments.

A fragment has no beginning and often no end: what stands before it is unknown (:class:`Context`), brackets that it
closes belong to the statement around, brackets that it leaves open close at its end. Nothing raises; what cannot be
read is passed over and counted in ``errors``.
"""

from __future__ import annotations

from kakuho.exposure.injection.grammar import CANONICAL, DEEPEST, LEVELS, MATCHES, SETS, is_boolean
from kakuho.exposure.injection.nodes import Between, Binary, Call, Case, Context, Fragment, In, Node, Unary
from kakuho.exposure.injection.primaries import PrimaryReader


class Parser(PrimaryReader):
    """Reads one list of tokens."""

    def fragment(self) -> Fragment:
        """All expressions of the fragment."""
        found = Fragment()
        left: Node | None = None
        while self.at < len(self.tokens):
            word, operator = self._word(), self._operator()
            before = self.at
            if operator == ")":
                self.at += 1
                left = self._kept(found, left)
                left = Context()
            elif operator in (",", ";"):
                self.at += 1
                self._kept(found, left)
                left = None
                found.stacked |= operator == ";" and self.at < len(self.tokens)
            elif word in SETS:
                self.at += 1
                self._kept(found, left)
                left = None
                while self._word() in ("ALL", "DISTINCT"):
                    self.at += 1
                while self._operator() == "(":
                    self.at += 1
                if self._word() in ("SELECT", "VALUES"):
                    found.unions.append(self._select())
            elif word in ("ORDER", "GROUP"):
                self.at += 2 if self._word(1) == "BY" else 1
                self._kept(found, left)
                left = None
            elif word in ("HAVING", "WHERE", "ON", "LIMIT", "OFFSET", "INTO", "PROCEDURE", "ASC", "DESC", "AS", "SET",
                          "VALUES", "BEGIN", "END", "THEN", "ELSE", "WHEN", "EXEC", "DECLARE", "IF"):  # fmt: skip
                if word == "IF" and self._operator(1) == "(":
                    left = self._stacked_if(found, left)
                else:
                    self.at += 1
                    self._kept(found, left)
                    left = None
            elif word == "WAITFOR":
                self._kept(found, left)
                left = self._waitfor()
            else:
                left = self._expression(0, left)
            if self.at == before:
                self.errors += 1
                self.at += 1
        self._kept(found, left)
        found.errors = self.errors
        return found

    def _kept(self, found: Fragment, node: Node | None) -> Node | None:
        if node is not None and not isinstance(node, Context):
            found.nodes.append(node)
        return None

    def _stacked_if(self, found: Fragment, left: Node | None) -> Node | None:
        """``IF(condition) WAITFOR DELAY '0:0:5'`` is a statement; ``IF(a,b,c)`` an expression."""
        node = self._expression(0, left)
        if isinstance(node, Call | Case) and self._word() == "WAITFOR":
            condition = node.whens[0][0] if isinstance(node, Case) else node.arguments[0]
            return Case(((condition, self._waitfor()),), None)
        return node

    def _waitfor(self) -> Node:
        self.at += 1
        if self._word() in ("DELAY", "TIME"):
            self.at += 1
        return Call("WAITFOR", (self._primary(),))

    def _expression(self, level: int, left: Node | None = None) -> Node:
        """An expression of operators that bind at least as ``level``; ``left`` is an operand that was read already."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.at = len(self.tokens)
            self.errors += 1
            self.depth -= 1
            return Context()
        node = self._prefixed(level) if left is None else left
        while True:
            binding = self._binding(node)
            if binding is None or binding[1] < level:
                self.depth -= 1
                return node
            node = self._continued(node, *binding)

    def _binding(self, left: Node) -> tuple[str, int] | None:
        word, operator = self._word(), self._operator()
        name = word or operator
        if name == "NOT" and self._word(1) in {"IN", "BETWEEN", *MATCHES}:
            return name, 4
        if name == "||":
            return ("OR", 1) if isinstance(left, Context) or is_boolean(left) else (name, 7)
        level = LEVELS.get(name)
        if level is not None and name == "MATCH" and self._operator(1) == "(":
            return None
        return None if level is None else (name, level)

    def _continued(self, left: Node, name: str, level: int) -> Node:
        if name == "NOT":
            self.at += 1
            return Unary("NOT", self._continued(left, self._word(), 4))
        self.at += 1
        if name == "BETWEEN":
            low = self._expression(5)
            if self._word() == "AND":
                self.at += 1
            return Between(left, low, self._expression(5))
        if name == "IN":
            return self._in(left)
        if name == "IS":
            return self._is(left)
        if name == "::":
            words = self._type_words()
            return Call("CAST", (left,), words)
        if name == "COLLATE":
            word = self._take().text.upper() if self.at < len(self.tokens) else ""
            return Call("COLLATE", (left,), word)
        if name in MATCHES:
            return self._like(left, name)
        if name == "SOUNDS":
            self.at += 1
            return Binary("SOUNDS LIKE", left, self._expression(5))
        if name in ("=", "<", ">") and self._operator() in ("=", ">"):
            name += self._take().text  # written with a blank or a comment between
        if self._word() in ("ANY", "ALL", "SOME") and self._operator(1) == "(":
            self.at += 1
        right = self._expression(level + 1)
        return Binary(CANONICAL.get(name, name), left, right)

    def _like(self, left: Node, name: str) -> Node:
        while self._word() in ("BINARY", "TO"):
            if self._take().word == "BINARY":
                left = Call("BINARY", (left,))
        right = self._expression(5)
        if self._word() == "ESCAPE":
            self.at += 1
            return Call("LIKE_ESCAPE", (left, right, self._expression(5)))
        return Binary({"RLIKE": "REGEXP", "SIMILAR": "SIMILAR"}.get(name, name), left, right)

    def _in(self, left: Node) -> Node:
        if self._operator() == "(" and self._word(1) != "SELECT":
            self.at += 1
            values = self._arguments()
            return In(left, tuple(values))
        return In(left, (self._expression(5),))

    def _is(self, left: Node) -> Node:
        negated = self._word() == "NOT"
        if negated:
            self.at += 1
        if self._word() == "DISTINCT":
            self.at += 1
            if self._word() == "FROM":
                self.at += 1
            same = Binary("=", left, self._expression(5))
            return same if negated else Unary("NOT", same)
        word = self._word()
        if word in ("NULL", "TRUE", "FALSE", "UNKNOWN"):
            self.at += 1
            plain: Node = {
                "NULL": Unary("ISNULL", left),
                "UNKNOWN": Unary("ISNULL", left),
                "TRUE": left,
                "FALSE": Unary("NOT", left),
            }[word]
        else:
            plain = Binary("=", left, self._expression(5))
        return Unary("NOT", plain) if negated else plain

    def _prefixed(self, level: int) -> Node:
        word, operator = self._word(), self._operator()
        if word == "NOT":
            self.at += 1
            return Unary("NOT", self._expression(3))
        if operator in ("-", "+", "~", "!", "@"):
            self.at += 1
            operand = self._expression(10)
            if operator == "!":
                return Unary("NOT", operand)
            return operand if operator in ("+", "@") else Unary(operator, operand)
        if word in ("BINARY", "N", "DATE", "TIMESTAMP", "PRIOR") and not self._is_end(1) and self._operator(1) != "(":
            self.at += 1
            operand = self._expression(10)
            return Call("BINARY", (operand,)) if word == "BINARY" else operand
        if word == "BINARY" and self._operator(1) == "(":
            self.at += 1
            return Call("BINARY", (self._expression(10),))
        if word == "EXISTS":
            self.at += 1
            return Unary("EXISTS", self._expression(10))
        return self._primary()
