"""A shape of payload, read once: what it measures, how it answers, and by which of its slots requests differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakuho.exposure.injection.evaluate import Slots, UnknownError, as_number, evaluate, has_source, truth
from kakuho.exposure.injection.measures import SLEEPS, Hole, Leaf, children, is_hidden, is_sleeping, leaves
from kakuho.exposure.injection.nodes import Binary, Call, Case, Fragment, Literal, Node, Select, Unary
from kakuho.exposure.injection.parser import Parser
from kakuho.exposure.injection.render import render
from kakuho.exposure.injection.tokens import Slot, Token, tokenise

BOOLEAN, TIME, STACKED, UNION, ERROR, INLINE = "boolean", "time", "stacked", "union", "error", "inline"


@dataclass(frozen=True)
class Template:
    """``node`` is the whole expression that holds the leaf; ``negated`` whether a NOT stands right around the leaf.

    ``wrapper`` is the text of everything around the leaf without its literals: requests of one wrapper answer alike.
    ``words``: the bare words of the payload, by which the system is told.
    """

    technique: str
    wrapper: str
    leaf: Leaf
    negated: bool
    nodes: tuple[Node, ...]
    words: frozenset[str]
    sleeps: bool

    @property
    def hole(self) -> Hole:
        """What is measured."""
        return self.leaf.hole

    def delay(self, slots: Slots, holds: bool) -> float | None:
        """Seconds that the statement sleeps where the leaf's own condition holds or not; None where it is not told."""
        given = {self.leaf.node: int(holds)}
        return max((_seconds(node, slots, given) for node in self.nodes if is_sleeping(node)), default=0.0)


@dataclass(frozen=True)
class Control:
    """A payload that measures nothing; ``nodes`` may be true or false by their text alone."""

    nodes: tuple[Node, ...]
    words: frozenset[str]
    sleeps: bool

    def holds(self, slots: Slots) -> bool | None:
        """Whether the added condition holds; None where the text does not say."""
        for node in self.nodes:
            held = _added(node, slots)
            if held is not None:
                return held
        return None


@dataclass(frozen=True)
class InBand:
    """A payload whose answer holds the values themselves: UNION, or an error's text."""

    technique: str
    selects: tuple[Select, ...]
    words: frozenset[str]


Reading = Template | Control | InBand


_ALARM = ("<script>alert(", "etc/passwd")
"""What only the requests hold that a scanner sends to see whether anything stops them."""


def read_payload(text: str, slots: Sequence[Slot] = ()) -> Reading | None:
    """What a payload asks; None where it is no SQL that could be injected."""
    if all(mark in text for mark in _ALARM):
        return None
    best: tuple[tuple[int, int], Reading] | None = None
    for inside in _openings(text):
        tokens = tokenise(text, inside, slots)
        fragment = Parser(tokens).fragment()
        reading = _reading(fragment, tokens)
        if reading is None:
            continue
        rank = {Template: 3, InBand: 2, Control: 1}[type(reading)]
        if isinstance(reading, Template) and reading.hole.kind == "text":
            rank = 2
        scored = ((rank, -fragment.errors), reading)
        if best is None or scored[0] > best[0]:
            best = scored
    return None if best is None else best[1]


def _openings(text: str) -> list[str]:
    return ["", *(quote for quote in ("'", '"') if quote in text)]


def _reading(fragment: Fragment, tokens: list[Token]) -> Reading | None:
    words = frozenset(token.word for token in tokens if token.word)
    found: list[tuple[Node, Leaf]] = []
    roots: list[Node] = [*fragment.nodes, *fragment.unions]
    for node in roots:
        found += [(node, leaf) for leaf in leaves(node)]
    found = [one for one in found if _asks(one[1])]
    strong = [one for one in found if one[1].is_strong] or found
    sleeps = any(is_sleeping(node) for node in roots)
    if strong and (strong[0][1].is_strong or not _is_in_band(fragment)):
        root, leaf = strong[0]
        asked, negated = _negated(root, leaf)
        technique = _technique(fragment, sleeps)
        wrapper = "; ".join(render(node, (), asked, plain=True) for node in roots)
        return Template(technique, f"{technique}: {wrapper}", leaf, negated, tuple(roots), words, sleeps)
    selects = _in_band(fragment)
    if selects:
        return InBand(*selects, words)
    if not words and not any(isinstance(node, Binary) for node in fragment.nodes):
        return None
    return Control(tuple(fragment.nodes), words, sleeps)


def _asks(leaf: Leaf) -> bool:
    """Whether the leaf is a condition: a bare word is none, and what an error is made to carry asks nothing."""
    if leaf.node == leaf.hole.node:
        return isinstance(leaf.node, Unary)
    return not _errors(leaf.node)


def _technique(fragment: Fragment, sleeps: bool) -> str:
    if fragment.stacked:
        return STACKED
    return TIME if sleeps else BOOLEAN


def _negated(root: Node, leaf: Leaf) -> tuple[Node, bool]:
    """The leaf with the NOTs right around it, and whether they turn it round."""
    asked: Node = leaf.node
    negated = False
    around = _parent(root, asked)
    while isinstance(around, Unary) and around.operator == "NOT":
        asked, negated = around, not negated
        around = _parent(root, asked)
    return asked, negated


def _parent(root: Node, node: Node) -> Node | None:
    for child in children(root):
        if child == node:
            return root
        found = _parent(child, node)
        if found is not None:
            return found
    return None


_ERRORS = {"EXTRACTVALUE", "UPDATEXML", "FLOOR", "GTID_SUBSET", "JSON_KEYS", "EXP", "XMLTYPE", "CTXSYS", "UTL_INADDR",
           "GET_HOST_ADDRESS", "ROWCOUNT", "ST_LATFROMGEOHASH", "NAME_CONST", "CONVERT", "CAST", "FN_VIRTUALFILESTATS",
           "DRITHSX", "BIGINT", "GEOMETRYCOLLECTION", "POLYGON", "UUID_TO_BIN"}  # fmt: skip


def _is_in_band(fragment: Fragment) -> bool:
    return bool(fragment.unions) or any(_errors(node) for node in fragment.nodes)


def _in_band(fragment: Fragment) -> tuple[str, tuple[Select, ...]] | None:
    if fragment.unions:
        return UNION, tuple(fragment.unions)
    selects = tuple(one for node in fragment.nodes for one in _errors(node))
    if not selects:
        return None
    inline = all(isinstance(node, Select) for node in fragment.nodes)
    return INLINE if inline else ERROR, selects


def _errors(node: Node) -> tuple[Select, ...]:
    """The queries whose result an error's text is made to carry."""
    found: list[Select] = []

    def look(one: Node, marked: bool) -> None:
        if isinstance(one, Call) and one.name in _ERRORS:
            marked |= one.name != "CAST" or one.word.startswith(
                ("NUMERIC", "INT", "SIGNED", "DECIMAL", "BIGINT", "MONEY")
            )
        marked |= _is_marked_concatenation(one)
        if isinstance(one, Select):
            if marked and has_source(one):
                found.append(one)
            marked |= any(token.word == "RAND" for token in one.tokens)
        for child in children(one):
            look(child, marked)

    look(node, False)
    return tuple(found)


def _is_marked_concatenation(node: Node) -> bool:
    """A text between two constant marks, by which a tool finds it in the answer."""
    parts = _concatenated(node)
    return len(parts) >= 3 and not is_hidden(parts[0]) and not is_hidden(parts[-1]) and is_hidden(node)


def _concatenated(node: Node) -> list[Node]:
    if isinstance(node, Call) and node.name == "CONCAT":
        return [part for one in node.arguments for part in _concatenated(one)]
    if isinstance(node, Binary) and node.operator in ("||", "+"):
        return [*_concatenated(node.left), *_concatenated(node.right)]
    return [node]


def _added(node: Node, slots: Slots) -> bool | None:
    """Whether what was added by AND or OR holds; the operand in front is the statement's own."""
    if isinstance(node, Binary) and node.operator in ("AND", "OR"):
        sides = [
            _added(one, slots) if isinstance(one, Binary) else _decided(one, slots) for one in (node.left, node.right)
        ]
        if isinstance(node.left, Literal) or not isinstance(node.left, Binary):
            return sides[1]
        known = [side for side in sides if side is not None]
        if not known:
            return None
        return all(known) if node.operator == "AND" else any(known)
    return _decided(node, slots)


def _decided(node: Node, slots: Slots) -> bool | None:
    if isinstance(node, Literal):
        return None
    try:
        return truth(evaluate(node, slots))
    except UnknownError:
        return None


def _seconds(node: Node, slots: Slots, given: dict[Node, int]) -> float:
    """How long an expression sleeps, as far as its text tells; a heavy query counts as one second."""
    if isinstance(node, Binary) and node.operator in ("AND", "OR"):
        first = _seconds(node.left, slots, given)
        try:
            left = truth(evaluate(node.left, slots, given))
        except UnknownError:
            return first + _seconds(node.right, slots, given)
        goes_on = left if node.operator == "AND" else not left
        return first + (_seconds(node.right, slots, given) if goes_on else 0.0)
    if isinstance(node, Case):
        for condition, result in node.whens:
            try:
                if truth(evaluate(condition, slots, given)):
                    return _seconds(result, slots, given)
            except UnknownError:
                return max(_seconds(result, slots, given), _seconds_of(node.otherwise, slots, given))
        return _seconds_of(node.otherwise, slots, given)
    if isinstance(node, Call) and node.name == "ELT" and len(node.arguments) > 1:
        try:
            return (
                _seconds(node.arguments[1], slots, given) if truth(evaluate(node.arguments[0], slots, given)) else 0.0
            )
        except UnknownError:
            pass
    if isinstance(node, Call) and node.name in SLEEPS:
        return _asked(node, slots, given)
    if isinstance(node, Select) and is_sleeping(node):
        if node.where is not None:
            try:
                if not truth(evaluate(node.where, slots, given)):
                    return 0.0
            except UnknownError:
                pass
        if any(is_sleeping(child) for child in children(node)):
            return max(_seconds(child, slots, given) for child in children(node))
        return _slept_in_source(node, slots)
    return max((_seconds(child, slots, given) for child in children(node)), default=0.0)


def _seconds_of(node: Node | None, slots: Slots, given: dict[Node, int]) -> float:
    return 0.0 if node is None else _seconds(node, slots, given)


def _asked(node: Call, slots: Slots, given: dict[Node, int]) -> float:
    if node.name in ("SLEEP", "PG_SLEEP", "RECEIVE_MESSAGE", "GET_LOCK", "WAITFOR", "PG_SLEEP_FOR") and node.arguments:
        try:
            value = evaluate(node.arguments[-1], slots, given)
        except UnknownError:
            return 1.0
        if isinstance(value, str) and ":" in value:
            parts = [as_number(part) for part in value.split(":")]
            return float(sum(part * 60**power for power, part in enumerate(reversed(parts))))
        return max(float(as_number(value)) if value is not None else 0.0, 0.0)
    return 1.0


def _slept_in_source(node: Select, slots: Slots) -> float:
    words = [token.word or token.text for token in node.source]
    for name in ("PG_SLEEP", "SLEEP"):
        if name in words:
            inner = Parser(list(node.source[words.index(name) :])).fragment().nodes
            return max((_seconds(one, slots, {}) for one in inner), default=1.0)
    return 1.0
