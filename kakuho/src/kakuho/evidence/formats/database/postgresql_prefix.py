"""``log_line_prefix``: any setting, as a regular expression of the head of a line.

Escapes are those of PostgreSQL 18 (documentation, "Error Reporting and Logging"); a number after ``%`` pads. A name is
first sought without spaces and the character that follows it in the setting, which reads each line once; a line that
this does not fit is tried again with names that may hold anything, of at most 63 bytes each, as PostgreSQL cuts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES, LABELS

_ZONE = r"(?:[A-Z][A-Za-z]{1,5}|[+-]\d{2}(?::?\d{2}){0,2})"
_SECOND = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
_HOST = r"\[local\]|[^\s(),;|@=]{0,255}?"
_ESCAPES = {
    "a": ("application", None),
    "u": ("db_user", None),
    "d": ("database", None),
    "r": ("remote_host", rf"(?P<remote_host>{_HOST})(?:\(\d*\))?"),
    "h": ("remote_host", rf"(?P<remote_host>{_HOST})"),
    "L": ("", rf"(?:{_HOST})"),
    "b": ("", r"[A-Za-z][A-Za-z /]{0,62}?"),
    "p": ("pid", r"(?P<pid>\d{1,10})"),
    "P": ("", r"\d{0,10}"),
    "t": ("stamp", rf"(?P<stamp>{_SECOND} {_ZONE})"),
    "m": ("stamp", rf"(?P<stamp>{_SECOND}\.\d{{3}} {_ZONE})"),
    "n": ("epoch", r"(?P<epoch>\d{1,12}\.\d{3})"),
    "i": ("", r"[A-Za-z /]{0,63}?"),
    "e": ("sql_state", r"(?P<sql_state>[0-9A-Z]{5})"),
    "c": ("session_id", r"(?P<session_id>[0-9a-f]{1,16}\.[0-9a-f]{1,16})"),
    "l": ("session_line", r"(?P<session_line>\d{1,18})"),
    "s": ("", rf"{_SECOND} {_ZONE}"),
    "v": ("", r"(?:-?\d{1,10}/\d{1,20})?"),
    "x": ("", r"\d{1,20}"),
    "Q": ("", r"-?\d{1,20}"),
}
_TOKEN = re.compile(r"%(?P<padding>-?\d{1,4})?(?P<escape>[A-Za-z%])|(?P<literal>[^%]+|%)")
_WORDS = "|".join(sorted([*KNOWN_SEVERITIES, *LABELS], key=len, reverse=True))
_WORD = rf"(?=[{''.join(sorted({word[0] for word in [*KNOWN_SEVERITIES, *LABELS]}))}])(?P<label>{_WORDS})"
"""Looking at the first letter alone passes quickly over what is no label."""
_LABEL = rf"{_WORD}: {{1,2}}(?P<text>.*)"

ANY_PREFIX = "*"
"""In place of a setting: a time, then anything up to the severity, in which the usual words are looked for."""
_ANY = re.compile(
    rf"(?P<stamp>{_SECOND}(?:\.\d{{3}})? {_ZONE})(?P<middle>[ :].{{0,400}}?)?{_WORD}:  (?P<text>.*)",
    re.DOTALL,
)
ANY_HEAD = "?"
"""The same without a time: for lines that something else has carried, which has put its own time before."""
_ANY_HEAD = re.compile(rf"(?P<middle>.{{0,400}}?)(?:^|(?<=[\s:])){_LABEL}", re.DOTALL)
_IN_MIDDLE = {
    "stamp": re.compile(rf"(?P<value>{_SECOND}(?:\.\d{{3}})? {_ZONE})"),
    "sql_state": re.compile(r"sql_error_code = (?P<value>[0-9A-Z]{5})"),
    "session_id": re.compile(r"\b(?P<value>[0-9a-f]{8}\.[0-9a-f]{1,8})\b"),
    "pid": re.compile(r"\[(?P<value>\d{1,10})(?:-\d+)?\]|\bpid=(?P<other>\d{1,10})"),
    "session_line": re.compile(r"\[(?:\d{1,10}-)?(?P<value>\d{1,18})-1\]|\[\d{1,10}-(?P<other>\d{1,18})\]"),
    "db_user": re.compile(r"\b(?:user|usr)=(?P<value>[^, ]*)|(?:^|[\s:])(?P<other>[^\s:@]{1,63})@"),
    "database": re.compile(r"\b(?:db|database)=(?P<value>[^, ]*)|@(?P<other>[^\s:@]{1,63})"),
    "application": re.compile(r"\bapp(?:li|lication)?=(?P<value>[^,]*?)(?:,| ?$)"),
    "remote_host": re.compile(r"\b(?:client|host|remote)=(?P<value>[^, (]*)"),
}
_NEEDED = {
    "stamp": (":",),
    "sql_state": ("sql_error_code",),
    "session_id": (".",),
    "pid": ("[", "pid="),
    "session_line": ("[",),
    "db_user": ("=", "@"),
    "database": ("=", "@"),
    "application": ("=",),
    "remote_host": ("=",),
}
"""One of these is in every middle in which the pattern of that name finds something."""
_SOUGHT = tuple((name, pattern, "other" in pattern.groupindex, _NEEDED[name]) for name, pattern in _IN_MIDDLE.items())

USUAL = (
    "%m [%p] %q%u@%d ",
    "%m [%p] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p] user=%u,db=%d ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: [%l-1] user=%u,db=%d ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: db=%d,user=%u,app=%a,client=%h ",
    "%t:%r:%u@%d:[%p]:",
    "%m [%p-%l] %q%u@%d ",
    "%t [%p-%l] %q%u@%d ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
)


@dataclass(frozen=True)
class LinePrefix:
    """A setting, and how the head of a line under it is read."""

    setting: str
    strict: re.Pattern[str]
    loose: re.Pattern[str]

    @property
    def has_time(self) -> bool:
        """Whether a line tells when it was written."""
        return "stamp" in self.strict.groupindex or "epoch" in self.strict.groupindex

    def read(self, line: str) -> dict[str, str | None] | None:
        """The parts of a line's head, with ``label`` and ``text``; None where it is no head."""
        found = self.strict.match(line)
        if found is None and self.loose is not self.strict:
            found = self.loose.match(line)
        if found is None:
            return None
        fields = found.groupdict()
        middle = fields.pop("middle", None)
        if middle:
            fields.update({name: value for name, value in _read_middle(middle).items() if not fields.get(name)})
        return fields


def _read_middle(middle: str) -> dict[str, str]:
    """What a middle says. Where it says it is the same in all that differ in their digits alone, so it is sought once.

    Of the digits only the 1 of ``-1]`` means something to the patterns.
    """
    shape = middle.replace("-1]", "-\0]").translate(_DIGITS)
    spans = _spans_of_shapes.get(shape) if "\0" not in middle else _spans(middle)
    if spans is None:
        if len(_spans_of_shapes) >= _MOST_SHAPES:
            _spans_of_shapes.clear()
        spans = _spans_of_shapes[shape] = _spans(middle)
    return {name: middle[begin:end] for name, begin, end in spans}


_DIGITS = str.maketrans("123456789", "000000000")
_MOST_SHAPES = 1 << 12
_spans_of_shapes: dict[str, list[tuple[str, int, int]]] = {}


def _spans(middle: str) -> list[tuple[str, int, int]]:
    spans = []
    for name, pattern, has_other, needed in _SOUGHT:
        found = pattern.search(middle) if any(mark in middle for mark in needed) else None
        if found is not None:
            group = "other" if has_other and found["value"] is None else "value"
            spans.append((name, *found.span(group)))
    return spans


@lru_cache(maxsize=64)
def line_prefix(setting: str) -> LinePrefix:
    """How lines under a ``log_line_prefix`` are read."""
    if setting == ANY_PREFIX:
        return LinePrefix(setting, _ANY, _ANY)
    if setting == ANY_HEAD:
        return LinePrefix(setting, _ANY_HEAD, _ANY_HEAD)
    strict, loose = (re.compile(_expression(setting, loosely=loosely), re.DOTALL) for loosely in (False, True))
    return LinePrefix(setting, strict, loose)


def _expression(setting: str, *, loosely: bool) -> str:
    tokens = list(_TOKEN.finditer(setting.strip()))
    made, named, open_groups = [], set(), 0
    for index, token in enumerate(tokens):
        escape, literal = token["escape"], token["literal"]
        if literal is not None or escape == "%":
            made.append(re.escape(literal or "%"))
        elif escape == "q":
            made.append(rf"(?:(?! ?(?:{_WORDS}): )")
            open_groups += 1
        elif escape in _ESCAPES:
            name, expression = _ESCAPES[escape]
            following = tokens[index + 1]["literal"] if index + 1 < len(tokens) else " "
            expression = expression or _name(name, following, loosely=loosely)
            if name in named:
                expression = re.sub(r"\(\?P<\w+>", "(?:", expression)
            named.add(name)
            made.append(f" *{expression} *" if token["padding"] else expression)
    return "".join(made) + ")?" * open_groups + " *" + _LABEL


def _name(column: str, following: str | None, *, loosely: bool) -> str:
    """A name of at most 63 bytes: without what follows it, or (loosely) whatever it holds."""
    if loosely or not following:
        return rf"(?P<{column}>.{{0,63}}?)"
    also = "" if column == "application" else r"\s"
    return rf"(?P<{column}>[^{re.escape(following[0])}{also}]{{0,63}})"
