"""Questions about several characters at once: beginnings, pieces and whole texts, and what their answers leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakuho.exposure.injection.columns import Integers, SlotColumns
from kakuho.exposure.injection.evaluate import UnknownError, Value, as_number, evaluate, listed
from kakuho.exposure.injection.forms import Form
from kakuho.exposure.injection.letters import UNDECIDED
from kakuho.exposure.injection.measures import CHARACTER
from kakuho.exposure.injection.nodes import Binary
from kakuho.exposure.injection.questions import Comparing
from kakuho.exposure.injection.solve import NO, YES
from kakuho.exposure.injection.templates import Template

_ANCHORED = {"REGEXP", "SIMILAR"}


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """Whether the value, from ``start`` (0 is its beginning), reads ``text``; ``whole``: and nothing follows.

    ``row``: of the batch. ``exact``: letters of the other case would not do. ``operator``: ``=``, or ``>``, ``>=``,
    ``<``, ``<=``
    of the whole text's order. ``negated``: the answer yes means that it does not.
    """

    row: int
    target: int
    start: int
    text: str
    whole: bool
    exact: bool
    operator: str = "="
    negated: bool = False


def text_questions(
    template: Template, form: Form, slots: SlotColumns, target: Integers, comparing: Comparing
) -> list[TextQuestion]:
    """The questions of a batch; what asks for anything else is left out."""
    found: list[TextQuestion] = []
    owner = target.tolist()
    for row in range(len(slots)):
        texts = slots.row(row)
        try:
            values = _values(template, form, texts)
            start = 0
            width: int | None = None
            if template.hole.kind == CHARACTER and template.hole.position is not None:
                start = int(as_number(evaluate(template.hole.position, texts))) - 1
                width = None if template.hole.width is None else int(as_number(evaluate(template.hole.width, texts)))
        except (UnknownError, ValueError, OverflowError):
            continue
        for value in values:
            question = _question(form, template, row, owner[row], start, width, value, comparing)
            if question is not None:
                found.append(question)
    return found


def _values(template: Template, form: Form, texts: Sequence[str]) -> list[Value]:
    if form.operator == "other":
        return _either(template, texts)
    if form.operator == "in":
        values = listed(form.constants, texts)
        return values if len(values) == 1 else []
    if form.operator == "between":
        low, high = (evaluate(one, texts) for one in form.constants)
        return [low] if low == high else []
    return [evaluate(form.constants[0], texts)]


def _either(template: Template, texts: Sequence[str]) -> list[Value]:
    """``(q)='5' OR (q)=5`` asks for one text."""
    node = template.leaf.node
    if isinstance(node, Binary) and node.operator == "OR":
        found: list[Value] = []
        for side in (node.left, node.right):
            if isinstance(side, Binary) and side.operator == "=":
                found.append(evaluate(side.right, texts))
        if len(found) == 2 and str(found[0]) == str(found[1]):
            return [str(found[0])]
    return []


def _question(
    form: Form,
    template: Template,
    row: int,
    target: int,
    start: int,
    width: int | None,
    value: Value,
    comparing: Comparing,
) -> TextQuestion | None:
    if value is None or start < 0:
        return None
    text = str(value)
    exact = form.is_binary or not comparing.folds(form.operator)
    operator = "=" if form.operator in ("other", "in", "between") else form.operator
    if operator in ("LIKE", "ILIKE", "GLOB"):
        found = _of_pattern(text, "*" if operator == "GLOB" else "%", "?[" if operator == "GLOB" else "_\\")
        if found is None:
            return None
        place, text, whole = found
        if template.hole.kind == CHARACTER:
            whole = False
        return TextQuestion(row, target, start + place, text, whole, exact or operator == "GLOB", "=", template.negated)
    if operator in _ANCHORED:
        stripped = _of_regexp(text)
        if stripped is None:
            return None
        return TextQuestion(row, target, start, stripped[0], stripped[1], exact, "=", template.negated)
    negated = template.negated
    if operator == "!=":
        operator, negated = "=", not negated
    if template.hole.kind == CHARACTER:
        if width is not None and len(text) != width:
            return (
                TextQuestion(row, target, start, text, True, exact, operator, negated)
                if len(text) < (width or 0)
                else None
            )
        return (
            TextQuestion(row, target, start, text, width is None, exact, operator, negated) if operator == "=" else None
        )
    return TextQuestion(row, target, 0, text, True, exact, operator, negated)


def _of_pattern(pattern: str, many: str, other: str) -> tuple[int, str, bool] | None:
    """Place, text and whether nothing follows, of a pattern that begins with a text (after some single wildcards)."""
    body = pattern.rstrip(many)
    whole = body == pattern
    place = 0
    if other[0] == "_":
        bare = body.lstrip("_")
        if "_" in bare or many in bare:
            bare = bare.replace("\\_", "\0").replace("\\%", "\1").replace("\\\\", "\2")
            if "_" in bare or many in bare or "\\" in bare:
                return None
            bare = bare.replace("\0", "_").replace("\1", "%").replace("\2", "\\")
        place = len(body) - len(body.lstrip("_"))
        return (place, bare, whole) if bare or whole else None
    if any(one in body for one in (many, "?")):
        return None
    return (0, body.replace("[*]", "*").replace("[?]", "?"), whole) if "[" not in body else None


def _of_regexp(pattern: str) -> tuple[str, bool] | None:
    """The text of ``^text`` or ``^text$``."""
    if not pattern.startswith("^"):
        return None
    body = pattern[1:]
    whole = body.endswith("$") and not body.endswith("\\$")
    body = body[:-1] if whole else body
    out: list[str] = []
    at = 0
    while at < len(body):
        if body[at] == "\\" and at + 1 < len(body):
            at += 1
        elif body[at] == "[" and body[at + 2 : at + 3] == "]" and body[at + 1] not in "^\\":
            out.append(body[at + 1])
            at += 3
            continue
        elif body[at] in ".[]()*+?{}|^$":
            return None
        out.append(body[at])
        at += 1
    return "".join(out), whole


def tells_case(questions: Iterable[tuple[TextQuestion, int]]) -> bool:
    """Whether a letter held and the same letter in the other case did not: then case is told apart there."""
    held: set[tuple[int, int, str]] = set()
    refused: set[tuple[int, int, str]] = set()
    for question, answer in questions:
        if question.operator == "=" and question.text and answer in (YES, NO):
            name = (question.target, question.start, question.text)
            (held if (answer == YES) != question.negated else refused).add(name)
    return any((target, start, text[:-1] + text[-1].swapcase()) in refused for target, start, text in held
               if text[-1].swapcase() != text[-1])  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text put together: undecided characters are marks; ``ended``: its end is decided; ``rows`` that decided it."""

    characters: dict[int, str]
    ended_at: int | None
    contradicts: bool


def put_together(questions: Iterable[tuple[TextQuestion, int]], *, is_exact: bool) -> ReadText:
    """What the answers (YES, NO) leave of one value. A letter of which the case was not asked stays undecided."""
    said: dict[int, set[str]] = {}
    ended: set[int] = set()
    low: str | None = None
    high: str | None = None
    for question, answer in questions:
        if answer not in (YES, NO):
            continue
        holds = (answer == YES) != question.negated
        if question.operator != "=":
            low, high = _bounds(question, holds, low, high)
            continue
        if holds:
            for offset, one in enumerate(question.text):
                said.setdefault(question.start + offset, set()).add(_kept(one, question.exact or is_exact))
            if question.whole:
                ended.add(question.start + len(question.text))
    if low is not None and high is not None:
        for offset, one in enumerate(_common(low, high)):
            said.setdefault(offset, set()).add(one)
    characters: dict[int, str] = {}
    contradicts = len(ended) > 1
    for place, ones in said.items():
        exact = {one for one in ones if one != UNDECIDED and len(one) == 1}
        folded = {one[0] for one in ones if len(one) == 2}
        if len(exact) == 1 and all(one.lower() == next(iter(exact)).lower() for one in folded):
            characters[place] = next(iter(exact))
        elif not exact and len({one.lower() for one in folded}) == 1:
            characters[place] = min(folded) + "\0"
        else:
            contradicts = True
            characters[place] = UNDECIDED
    return ReadText(characters, max(ended) if len(ended) == 1 else None, contradicts)


def _kept(one: str, exact: bool) -> str:
    """The character, with a second one behind it where its case is not decided."""
    return one if exact or one.lower() == one.upper() else one + "\0"


def _bounds(question: TextQuestion, holds: bool, low: str | None, high: str | None) -> tuple[str | None, str | None]:
    """The least text that it can be, and the first that it cannot."""
    text = question.text
    operator = question.operator
    if not holds:
        operator = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}.get(operator, operator)
    if operator == ">=":
        low = text if low is None else max(low, text)
    elif operator == ">":
        low = text + "\0" if low is None else max(low, text + "\0")
    elif operator == "<":
        high = text if high is None else min(high, text)
    elif operator == "<=":
        high = text + "\0" if high is None else min(high, text + "\0")
    return low, high


def _common(low: str, high: str) -> str:
    """The beginning that all texts from ``low`` up to ``high`` have."""
    common = ""
    for one, other in zip(low, high, strict=False):
        if one != other:
            if high == common + other and ord(other) == ord(one) + 1:
                common += one
            break
        common += one
    return common
