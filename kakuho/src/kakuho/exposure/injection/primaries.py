"""What stands between the operators of an injected fragment: literals, names, calls, brackets, CASE."""

from __future__ import annotations

from kakuho.exposure.injection.grammar import ENDS, MEASURING
from kakuho.exposure.injection.nodes import Binary, Call, Case, Context, Literal, Name, Node, Unary
from kakuho.exposure.injection.queries import QueryReader
from kakuho.exposure.injection.tokens import HEX, LIST, NUMBER, OPERATOR, QUOTED, STRING, Token


class PrimaryReader(QueryReader):
    """Reads what an operator has on either side."""

    def _is_end(self, ahead: int) -> bool:
        return self.at + ahead >= len(self.tokens) or self._operator(ahead) in (")", ",", "=", "<", ">", ";")

    def _primary(self) -> Node:
        if self.at >= len(self.tokens):
            return Context()
        token = self.tokens[self.at]
        word = token.word
        if token.kind in (NUMBER, STRING, HEX, LIST):
            self.at += 1
            if token.quoted and self._operator() == ".":
                self.at -= 1
                return self._named()
            node = Literal(QUOTED if token.quoted else token.kind, token.pieces)
            while token.kind == STRING and self.at < len(self.tokens) and self.tokens[self.at].kind == STRING:
                follow = self.tokens[self.at]  # 'ab' 'cd' is one string in MySQL and the standard
                if follow.quoted != token.quoted:
                    break
                node = Literal(node.kind, (*node.pieces, *follow.pieces))
                self.at += 1
            return node
        if token.kind == OPERATOR:
            return self._bracketed(token.text)
        if word in {"SELECT", "WITH"}:
            return self._select()
        if word == "CASE":
            return self._case()
        if word in ENDS and self._operator(1) not in ("(", "=", ".", "<", ">"):
            self.errors += 1
            return Context()
        return self._named()

    def _bracketed(self, operator: str) -> Node:
        if operator == "(":
            self.at += 1
            if self._operator() == ")":
                self.at += 1
                return Context()
            nodes = self._arguments()
            return nodes[0] if len(nodes) == 1 else Call("ROW", tuple(nodes))
        if operator == "{":  # ODBC's {fn …}, MySQL's {x …}
            self.at += 2
            node = self._expression(0)
            if self._operator() == "}":
                self.at += 1
            return node
        if operator == "*":
            self.at += 1
            return Name(("*",))
        self.errors += 1
        return Context()

    def _named(self) -> Node:
        parts = [self._take().text]
        while self._operator() == "." and self.at + 1 < len(self.tokens):
            self.at += 1
            follow = self._take()
            parts.append("" if follow.text == "." else follow.text)
        if self._operator() == "(":
            name = parts[-1].upper()
            self.at += 1
            return self._call(name)
        return Name(tuple(parts))

    def _call(self, name: str) -> Node:
        if name in ("CAST", "TRY_CAST"):
            operand = self._expression(0)
            words = ""
            if self._word() == "AS":
                self.at += 1
                start = self.at
                self._skip_to_close(leave=True)
                words = " ".join(token.text for token in self.tokens[start : self.at]).upper()
            self._close()
            return Call("CAST", (operand,), words)
        start = self.at
        arguments, tokens = self._call_arguments()
        if name in ("IF", "IIF") and len(arguments) >= 2:
            return Case(((arguments[0], arguments[1]),), arguments[2] if len(arguments) > 2 else None)
        node: Node = Call(name, tuple(arguments), "", tokens)
        if name in MEASURING:
            node = self.calls.setdefault((name, *(token.text for token in self.tokens[start : self.at])), node)
        if name == "EXISTS" and arguments:
            node = Unary("EXISTS", arguments[0])
        if name == "NOT" and arguments:
            node = Unary("NOT", arguments[0])
        if name == "BINARY" and arguments:
            node = Call("BINARY", tuple(arguments))
        if self._word() == "OVER" and self._operator(1) == "(":
            self.at += 2
            self._skip_to_close()
        return node

    def _call_arguments(self) -> tuple[list[Node], tuple[Token, ...]]:
        """Arguments with commas, or with the standard's words: ``SUBSTRING(x FROM 1 FOR 1)``, ``POSITION(a IN b)``."""
        start = self.at
        found: list[Node] = []
        while self.at < len(self.tokens) and self._operator() != ")":
            before = self.at
            word = self._word()
            if self._operator() == "," or word in ("FROM", "FOR", "USING", "SEPARATOR", "DISTINCT", "ALL", "BOTH",
                                                    "LEADING", "TRAILING", "AS"):  # fmt: skip
                self.at += 2 if word == "USING" and self._operator(-1) != "(" else 1
                continue
            if word in ("ORDER", "WITHIN", "NULL") and self._word(1) in ("BY", "GROUP", "ON"):
                self._skip_to_close(leave=True)
                break
            found.append(self._expression(0))
            if self.at == before:
                self.errors += 1
                self.at += 1
        tokens = tuple(self.tokens[start : self.at])
        self._close()
        return found, tokens

    def _arguments(self) -> list[Node]:
        """Expressions with commas up to the closing bracket, which is taken."""
        found: list[Node] = []
        while self.at < len(self.tokens) and self._operator() != ")":
            before = self.at
            if self._operator() == ",":
                self.at += 1
                continue
            if self._word() in ("AS", "USING"):
                self.at += 2
                continue
            found.append(self._expression(0))
            if self.at == before:
                self.errors += 1
                self.at += 1
        self._close()
        return found or [Context()]

    def _case(self) -> Node:
        self.at += 1
        operand = None if self._word() == "WHEN" else self._expression(0)
        whens: list[tuple[Node, Node]] = []
        otherwise: Node | None = None
        while self.at < len(self.tokens):
            word = self._word()
            if word == "WHEN":
                self.at += 1
                condition = self._expression(0)
                if operand is not None:
                    condition = Binary("=", operand, condition)
                if self._word() == "THEN":
                    self.at += 1
                whens.append((condition, self._expression(0)))
            elif word == "ELSE":
                self.at += 1
                otherwise = self._expression(0)
            else:
                if word == "END":
                    self.at += 1
                break
        return Case(tuple(whens), otherwise)
