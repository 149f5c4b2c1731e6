"""What a condition measures of a hidden value: a character, its length, all of it.

A *hole* is the smallest part of a condition that depends on what the attacker did not know. The rest is arithmetic
that can be worked out for every value that the hole could have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kakuho.exposure.injection.evaluate import has_source
from kakuho.exposure.injection.nodes import Between, Binary, Call, Case, Context, In, Literal, Name, Node, Select, Unary

CHARACTER, LENGTH, TEXT = "character", "length", "text"

SUBSTRINGS = {"SUBSTR", "SUBSTRING", "MID", "SUBSTRC", "SUBSTRB"}
CODES = {
    "ASCII", "ORD", "UNICODE", "ASCIIW", "ASCW", "ASCII_VAL", "ASCII_CODE", "UNICODE_CODE", "CODEPOINT",
    "TO_CODE_POINTS",
}  # fmt: skip
LENGTHS = {"LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LEN", "OCTET_LENGTH", "BIT_LENGTH", "DATALENGTH", "LENGTHB"}
SLEEPS = {
    "SLEEP", "PG_SLEEP", "WAITFOR", "BENCHMARK", "RANDOMBLOB", "RECEIVE_MESSAGE", "GET_LOCK", "GENERATE_SERIES",
    "PG_SLEEP_FOR", "REGEXP_SUBSTRING", "ZEROBLOB",
}  # fmt: skip
_TOLD = {
    "USER", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "DATABASE", "SCHEMA", "VERSION", "DB_NAME", "HOST_NAME",
    "CURRENT_DATABASE", "CURRENT_SCHEMA", "SQLITE_VERSION", "LOAD_FILE", "PG_READ_FILE", "SYS_CONTEXT", "USER_NAME",
    "SUSER_NAME", "SUSER_SNAME", "SERVERPROPERTY", "INET_SERVER_ADDR", "CONNECTION_ID", "LAST_INSERT_ID",
}  # fmt: skip
_CONSTANTS = {
    "NULL",
    "TRUE",
    "FALSE",
    "*",
    "DEFAULT",
    "INT",
    "INTEGER",
    "NVARCHAR",
    "VARCHAR",
    "CHAR",
    "SIGNED",
    "UNSIGNED",
}


@dataclass(frozen=True, slots=True)
class Hole:
    """``subject`` is the hidden value; ``node`` the part of the condition that stands for what is measured of it.

    ``scope``: the query of which the subject is a column (``SELECT ASCII(SUBSTR(name,1,1)) FROM t``), where there is
    one.
    ``position`` and ``width``: which characters, from 1; ``sees_end``: whether it is empty beyond the value's end.
    """

    kind: str
    subject: Node
    node: Node
    scope: Select | None = None
    position: Node | None = None
    width: Node | None = None
    sees_end: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition with its one hole."""

    node: Node
    hole: Hole

    @property
    def is_strong(self) -> bool:
        """Whether it asks for a character or a length: nobody but an extractor does."""
        return self.hole.kind != TEXT


ONE = Literal("number", ("1",))


def children(node: Node) -> Iterator[Node]:
    """The parts of an expression."""
    if isinstance(node, Call):
        yield from node.arguments
    elif isinstance(node, Unary):
        yield node.operand
    elif isinstance(node, Binary):
        yield node.left
        yield node.right
    elif isinstance(node, Between):
        yield from (node.operand, node.low, node.high)
    elif isinstance(node, In):
        yield node.operand
        yield from node.values
    elif isinstance(node, Case):
        for condition, result in node.whens:
            yield condition
            yield result
        if node.otherwise is not None:
            yield node.otherwise
    elif isinstance(node, Select):
        yield from node.items
        yield from node.inner
        if node.where is not None:
            yield node.where
        if node.set_next is not None:
            yield node.set_next


def parts_of(node: Node) -> Iterator[Node]:
    """An expression and everything in it."""
    yield node
    for child in children(node):
        yield from parts_of(child)


@lru_cache(maxsize=1 << 14)
def is_sleeping(node: Node) -> bool:
    """Whether something in it takes time on purpose: a sleep, or a join or function that is heavy by design."""
    if isinstance(node, Call) and (node.name in SLEEPS or (node.name == "SLEEP" and len(node.arguments) == 1)):
        return True
    if isinstance(node, Select) and _is_heavy(node):
        return True
    return any(is_sleeping(child) for child in children(node))


def _is_heavy(node: Select) -> bool:
    words = [token.word or token.text for token in node.source]
    if any(word in SLEEPS for word in words):
        return True
    text = " ".join(words)
    for name in (
        "INFORMATION_SCHEMA . COLUMNS",
        "ALL_USERS",
        "SYSUSERS",
        "SYSTABLES",
        "RDB$FIELDS",
        "SYSPAGHDR",
        "OBJECTS",
    ):
        if text.count(name) >= 2 or (name == "SYSPAGHDR" and name in text):
            return True
    return False


@lru_cache(maxsize=1 << 14)
def is_hidden(node: Node) -> bool:
    """Whether it depends on what is in the database."""
    if isinstance(node, Literal | Context):
        return False
    if isinstance(node, Name):
        return node.parts[-1].upper() not in _CONSTANTS
    if isinstance(node, Select) and has_source(node):
        return not is_sleeping(node)
    if isinstance(node, Call):
        if node.name in SLEEPS:
            return False
        if node.name in _TOLD:
            return True
    return any(is_hidden(child) for child in children(node))


def holes(node: Node, scope: Select | None = None) -> list[Hole]:
    """The holes of a condition, each once."""
    return list(dict.fromkeys(_holes(node, scope)))


def _holes(node: Node, scope: Select | None) -> Iterator[Hole]:
    if not is_hidden(node):
        return
    hole = _measured(node, scope)
    if hole is not None:
        yield hole
    elif isinstance(node, Name):
        yield Hole(TEXT, node, node, scope)
    elif isinstance(node, Select):
        yield from _of_select(node, scope)
    elif _is_whole(node):
        yield Hole(TEXT, node, node, scope)
    else:
        for child in children(node):
            yield from _holes(child, scope)


def _is_whole(node: Node) -> bool:
    """Whether a function's result, or that something exists, is what is hidden: nothing inside is measured."""
    if isinstance(node, Call):
        return node.name in _TOLD or (node.name not in _TRANSPARENT and not _holds_measure(node))
    return isinstance(node, Unary) and node.operator == "EXISTS"


_TRANSPARENT = CODES | {
    "CONV", "BIN", "LPAD", "RPAD", "HEX", "INSTR", "LOCATE", "POSITION", "CHARINDEX", "STRPOS", "FIND_IN_SET", "FIELD",
    "STRCMP", "GREATEST", "LEAST", "SIGN", "ABS", "MOD", "BITAND", "POW", "FLOOR", "ROW", "LIKE", "GLOB", "REGEXP_LIKE",
    "LIKE_ESCAPE", "BINARY", "COLLATE", "ELT", "STR", "LTRIM",
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _holds_measure(node: Node) -> bool:
    """Whether a character or a length is measured somewhere in it, outside of queries of their own."""
    if _measured(node, None) is not None:
        return True
    if isinstance(node, Select) and has_source(node):
        return any(_holds_measure(item) for item in node.items)
    return any(_holds_measure(child) for child in children(node))


def _of_select(node: Select, scope: Select | None) -> Iterator[Hole]:
    if not has_source(node):
        for child in children(node):
            yield from _holes(child, scope)
        return
    inside = [hole for item in node.items for hole in _holes(item, node) if hole.kind != TEXT]
    if len(node.items) == 1 and inside:
        # What the query selects is already a measure of a column: the query is transparent.
        yield from (Hole(h.kind, h.subject, h.node, node, h.position, h.width, h.sees_end) for h in inside)
        return
    yield Hole(TEXT, node, node, scope)


def _measured(node: Node, scope: Select | None) -> Hole | None:
    """The hole that this very node is."""
    if not isinstance(node, Call) or not node.arguments:
        return None
    first = node.arguments[0]
    if node.name in SUBSTRINGS and len(node.arguments) >= 2 and is_hidden(first) and not _holds_measure_or_code(first):
        width = node.arguments[2] if len(node.arguments) > 2 else None
        if is_hidden(node.arguments[1]):
            return None
        return Hole(CHARACTER, first, node, scope, node.arguments[1], width)
    if node.name == "RIGHT" and len(node.arguments) == 2 and isinstance(first, Call) and first.name == "LEFT":
        text, position = first.arguments[0], first.arguments[-1]
        if is_hidden(text) and not _holds_measure_or_code(text):
            return Hole(CHARACTER, text, node, scope, position, ONE, sees_end=False)
    if node.name == "LEFT" and len(node.arguments) == 2 and is_hidden(first) and not _holds_measure_or_code(first):
        return Hole(CHARACTER, first, node, scope, ONE, node.arguments[1])
    if node.name in LENGTHS and is_hidden(first) and not _holds_measure_or_code(first):
        return Hole(LENGTH, first, node, scope)
    return None


def _holds_measure_or_code(node: Node) -> bool:
    """Whether the text of which a part is taken is itself a measure (``SUBSTR(BIN(ASCII(…)),3,1)``)."""
    if isinstance(node, Select) and has_source(node):
        return False
    if isinstance(node, Call) and (node.name in CODES or (node.name in SUBSTRINGS and is_hidden(node))):
        return True
    return any(_holds_measure_or_code(child) for child in children(node))


def leaves(node: Node, *, in_condition: bool = True, scope: Select | None = None) -> list[Leaf]:
    """The conditions in an expression that measure one hidden value each."""
    if isinstance(node, Binary) and node.operator in ("AND", "OR", "XOR"):
        together = _alone(node, scope)
        if together is not None and together.is_strong:
            return [together]
        sides = [*leaves(node.left, scope=scope), *leaves(node.right, scope=scope)]
        return [together] if together is not None and not any(one.is_strong for one in sides) else sides
    if isinstance(node, Unary) and node.operator == "NOT":
        return leaves(node.operand, scope=scope)
    inner = [leaf for child, condition in _parts(node) for leaf in leaves(child, in_condition=condition,
                                                                            scope=_scope(node, scope))]  # fmt: skip
    strong = [leaf for leaf in inner if leaf.is_strong]
    is_condition = in_condition or _compares(node)
    own = _alone(node, scope) if is_condition and not is_sleeping(node) else None
    if own is not None and own.is_strong and not _reads_alike(own, strong):
        return [own]
    strong = strong or [leaf for leaf in inner if _is_probe(leaf)]
    if strong:
        return strong
    if own is not None:
        return [own]
    return [] if isinstance(node, Select) and has_source(node) and not is_sleeping(node) else inner


def _reads_alike(own: Leaf, inner: list[Leaf]) -> bool:
    """Whether a condition inside measures the same: it is nearer to the value."""
    hole = own.hole
    return any(leaf.hole.subject == hole.subject and leaf.hole.position == hole.position for leaf in inner)


def _is_probe(leaf: Leaf) -> bool:
    """``name LIKE 'ab%'`` inside a query: the beginning of a value is tried."""
    node = leaf.node
    return isinstance(node, Binary) and node.operator in ("LIKE", "REGEXP", "GLOB", "ILIKE", "SIMILAR")


def _scope(node: Node, scope: Select | None) -> Select | None:
    return node if isinstance(node, Select) and has_source(node) and not _is_heavy(node) else scope


def _parts(node: Node) -> Iterator[tuple[Node, bool]]:
    if isinstance(node, Case):
        for condition, result in node.whens:
            yield condition, True
            yield result, False
        if node.otherwise is not None:
            yield node.otherwise, False
    elif isinstance(node, Select):
        for child in children(node):
            yield child, child is node.where
    elif isinstance(node, Call) and node.name in ("ELT", "MAKE_SET"):
        for number, child in enumerate(node.arguments):
            yield child, number == 0
    else:
        for child in children(node):
            yield child, False


def _compares(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.operator in ("=", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "REGEXP", "GLOB", "SIMILAR")
    return isinstance(node, Between | In) or (isinstance(node, Unary) and node.operator in ("EXISTS", "ISNULL"))


def _alone(node: Node, scope: Select | None) -> Leaf | None:
    """The node as a leaf, where exactly one hidden value is measured and nothing of the statement around is in it."""
    if not is_hidden(node) or _has_context(node) or is_sleeping(node):
        return None
    found = holes(node, scope)
    if len(found) != 1:
        return None
    joins = isinstance(node, Binary) and node.operator in ("AND", "OR", "XOR")
    if joins and not all(is_hidden(side) for side in children(node)):
        return None
    return Leaf(node, found[0])


@lru_cache(maxsize=1 << 14)
def _has_context(node: Node) -> bool:
    return isinstance(node, Context) or any(_has_context(child) for child in children(node))
