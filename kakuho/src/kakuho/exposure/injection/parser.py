"""A tolerant parser of injected fragments.

A fragment has no beginning and often no end: what stands before it is unknown (:class:`Context`), brackets that it
closes belong to the statement around, brackets that it leaves open close at its end. Nothing raises; what cannot be
read is passed over and counted in ``errors``.
"""

from __future__ import annotations

from kakuho.exposure.injection.grammar import (
    CANONICAL,
    DEEPEST,
    ENDS,
    LEVELS,
    MATCHES,
    MEASURING,
    SETS,
    TYPE_TAILS,
    is_boolean,
)
from kakuho.exposure.injection.nodes import (
    Between,
    Binary,
    Call,
    Case,
    Context,
    Fragment,
    In,
    Literal,
    Name,
    Node,
    Select,
    Unary,
)
from kakuho.exposure.injection.tokens import HEX, LIST, NUMBER, OPERATOR, QUOTED, STRING, WORD, Token


class Parser:
    """Reads one list of tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.errors = 0
        self.depth = 0
        self.known: dict[tuple[tuple[str, str], ...], Select] = {}
        self.calls: dict[tuple[str, ...], Node] = {}

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

    # -- expressions ------------------------------------------------------------------------------------------------

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

    # -- queries ----------------------------------------------------------------------------------------------------

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

    # -- tokens -----------------------------------------------------------------------------------------------------

    def _type_words(self) -> str:
        """A type: ``NVARCHAR(4000)``, ``double precision``, ``text[]``."""
        words: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == WORD and (not words or token.word in TYPE_TAILS):
                words.append(token.text.upper())
                self.at += 1
            elif token.kind == OPERATOR and token.text == "(" and words:
                self.at += 1
                self._skip_to_close()
            else:
                break
        return " ".join(words)

    def _skip_to_close(self, *, leave: bool = False) -> None:
        depth = 1
        while self.at < len(self.tokens):
            operator = self._operator()
            depth += (operator == "(") - (operator == ")")
            if depth == 0 and leave:
                return
            self.at += 1
            if depth == 0:
                return

    def _close(self) -> None:
        if self._operator() == ")":
            self.at += 1
        elif self.at < len(self.tokens):
            self.errors += 1
            self._skip_to_close()

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def _operator(self, ahead: int = 0) -> str:
        at = self.at + ahead
        if 0 <= at < len(self.tokens) and self.tokens[at].kind == OPERATOR:
            return self.tokens[at].text
        return ""
