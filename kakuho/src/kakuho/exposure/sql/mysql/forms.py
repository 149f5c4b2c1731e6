"""The forms in which MySQL's and MariaDB's clients put a query: one plain statement → the queries that it ran."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import sqlglot
from sqlglot import exp

from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.forms import NotParsedError, Read, Session, WidensError, from_tree
from kakuho.exposure.sql.mysql.faithful import is_faithful
from kakuho.exposure.sql.mysql.plain import Plain, statements_of
from kakuho.exposure.sql.mysql.words import NAME, TEXT, NotTakenApartError

_QUIET = (
    "alter", "analyze", "begin", "change", "check", "close", "commit", "create", "deallocate", "desc", "describe",
    "drop", "explain", "flush", "grant", "help", "install", "kill", "lock", "optimize", "purge", "release", "rename",
    "repair", "reset", "revoke", "rollback", "savepoint", "set", "show", "shutdown", "start", "stop", "truncate",
    "uninstall", "unlock", "use", "xa",
)  # fmt: skip
"""They read no row of a table unless a query stands in them."""
_QUERY = ("select", "table", "values", "with", "handler", "execute", "call", "do", "load")
_DATA = ("select", "insert", "update", "delete", "replace", "with")
_PROGRAM = ("procedure", "function", "trigger", "event", "package", "server")
_BLOCK = ("if", "while", "loop", "repeat", "for", "case", "declare", "return", "end", "open", "leave", "iterate")
_SHOWS_STATEMENTS = (
    "binlog",
    "relaylog",
    "processlist",
    "engine",
    "profile",
    "profiles",
    "explain",
    "slave",
    "replica",
)
_SETTINGS = frozenset(
    {"sql_mode", "sql_select_limit", "group_concat_max_len", "collation_connection", "character_set_connection",
     "character_set_client", "character_set_results", "time_zone", "sql_safe_updates", "max_sort_length",
     "default_week_format", "lc_time_names", "div_precision_increment", "block_encryption_mode", "sql_auto_is_null",
     "old_mode", "max_error_count", "collate"}
)  # fmt: skip
"""A session that sets one of these can have got other rows, or other values, than the sandbox gives."""
_HARMLESS_MODES = re.compile(r"ansi|pipes|backslash|ignore_space|oracle|mssql|db2|postgresql|maxdb|high_not|pad_char"
                             r"|real_as|unsigned_sub|empty_string|@|concat|select", re.IGNORECASE)  # fmt: skip
_CHARACTER_SETS = frozenset({"utf8", "utf8mb3", "utf8mb4"})
_MADE = re.compile(r"\s*create\s+(?:\w+\s+)*table\s+(?:if\s+not\s+exists\s+)?(?:[`\w]+\.)?`?(\w+)`?", re.IGNORECASE)


def mysql_session(texts: Iterable[str], database: str) -> Session:
    """Read off the intruder's statements; ``database``: that of the snapshot, '' where it is not known."""
    prepared: dict[str, set[str]] = {}
    made: set[str] = set()
    elsewhere = unsure = False
    for text in texts:
        if made_now := _MADE.match(text):
            made.add(made_now[1].lower())
        if not re.match(r"[\s;]*(?:/\*|#|--|set\b|use\b|prepare\b)", text, re.IGNORECASE) and ";" not in text:
            continue
        try:
            ways = statements_of(text, lambda _: False)
        except NotTakenApartError:
            unsure |= re.search(r"\bset\b|\buse\b", text, re.IGNORECASE) is not None
            continue
        for plain in (part for way in ways for part in way):
            if plain.begins("use"):
                elsewhere |= len(plain.words) < 2 or plain.words[1].value.lower() != database
            elif plain.begins("set"):
                unsure |= _sets_what_matters(plain)
            elif plain.begins("prepare") and len(plain.words) == 4 and plain.words[3].kind == TEXT:
                prepared.setdefault(plain.words[1].value.lower(), set()).add(plain.words[3].value)
            elif plain.begins("prepare") and len(plain.words) > 1:
                prepared.setdefault(plain.words[1].value.lower(), set()).add("")
    known = {name: frozenset(bodies) for name, bodies in prepared.items() if "" not in bodies}
    return Session(prepared=known, made=frozenset(made), elsewhere=elsewhere, unsure=unsure)


def _sets_what_matters(plain: Plain) -> bool:
    """SET NAMES with a usual character set is what every client does, and strict modes change no answer."""
    words = [word.value.lower().lstrip("@").rpartition(".")[2] for word in plain.words]
    if "names" in words[:2]:
        return len(words) != 3 or words[2] not in _CHARACTER_SETS
    named = set(words) & _SETTINGS
    if named == {"sql_mode"}:
        return _HARMLESS_MODES.search(" ".join(words[words.index("sql_mode") + 1 :])) is not None
    return bool(named) or "charset" in words or "character" in words


def runs_programs(parts: Iterable[Plain]) -> bool:
    """Whether one of the statements is a block, or makes a routine: its parts are no statements of their own."""
    for plain in parts:
        if plain.begins("create") and plain.has(*_PROGRAM):
            return True
        if plain.begins("begin") and len(plain.words) > 1 and not plain.begins("begin", "work"):
            return True
        if plain.words and plain.words[0].means(*_BLOCK):
            return True
    return False


def mysql_reads(plain: Plain, session: Session) -> list[Read]:
    """The queries of one statement. Raises WidensError, NotParsedError or SqlglotError."""
    first = plain.words[0]
    if first.means("call", "load", "handler") or (first.means("show") and plain.has(*_SHOWS_STATEMENTS)):
        raise NotParsedError if first.means("handler") else WidensError
    if first.means("execute"):
        return _executed(plain, session)
    if first.means("prepare"):
        return _prepared(plain, session)
    if first.means("do"):
        return _read(replace(plain, words=(replace(first, value="SELECT"), *plain.words[1:]), hidden=True))
    if first.means("explain", "desc", "describe", "analyze") and plain.has(*_DATA):
        place = next(n for n, word in enumerate(plain.words) if word.means(*_DATA))
        return [
            Read(read.query, shown=False) for read in mysql_reads(replace(plain, words=plain.words[place:]), session)
        ]
    if first.means(*_QUIET) and (not plain.has(*_QUERY) or (first.means("start") and not plain.has("select"))):
        return []
    if first.means("analyze") and plain.begins("analyze", "table") and not plain.has("select"):
        return []
    if first.means("create"):
        return _created(plain)
    if first.means(*_QUIET) and not plain.has("select", "with") and not first.means("set"):
        return []  # LOCK TABLE t, CHECK TABLE t, DROP TABLE t
    if first.means("insert", "replace"):
        return _inserted(plain)
    if first.means("select", "(", "with", "update", "delete"):
        return _read(plain)
    raise NotParsedError


def _read(plain: Plain) -> list[Read]:
    tree = _tree(plain)
    reads = [Read(read.query, shown=read.shown and not plain.hidden) for read in from_tree(tree)]
    if plain.counted:
        for read in [read for read in reads if isinstance(read.query, exp.Query)]:
            whole = read.query.copy()
            whole.set("limit", None)
            whole.set("offset", None)
            reads.append(Read(whole, shown=False))
    return reads


def _tree(plain: Plain) -> exp.Expr:
    trees = [tree for tree in sqlglot.parse(plain.text, dialect=MYSQL.grammar) if tree is not None]
    if len(trees) != 1 or not is_faithful(plain.words, trees[0]):
        raise NotParsedError
    tree = trees[0]
    if isinstance(tree, exp.Delete) and tree.args.get("tables"):
        raise NotParsedError
    if any(isinstance(column.this, exp.Star) and not column.table for column in tree.find_all(exp.Column)):
        raise NotParsedError
    return tree


def _created(plain: Plain) -> list[Read]:
    place = next((n for n, word in enumerate(plain.words) if word.means("select", "with")), None)
    if place is None or plain.has(*_PROGRAM):
        raise WidensError
    words = list(plain.words[place:])
    opened = sum(word.means("(") for word in words) - sum(word.means(")") for word in words)
    while opened < 0 and words[-1].means(")"):
        words.pop()
        opened += 1
    return _read(replace(plain, words=tuple(words), hidden=True))


def _inserted(plain: Plain) -> list[Read]:
    """INSERT and REPLACE put their query's rows into a table; alone with values they read nothing."""
    if not plain.has("select", "table", "with", "returning"):
        return []
    place = next((n for n, word in enumerate(plain.words) if word.means("select", "with")), None)
    before = plain.words[:place] if place is not None else ()
    if place is None or plain.has("duplicate", "returning", "values") or sum(word.means("=") for word in before):
        raise NotParsedError
    words = list(plain.words[place:])
    if before and before[-1].means("(") and words[-1].means(")"):
        words.pop()
    return _read(replace(plain, words=tuple(words), hidden=True))


def _prepared(plain: Plain, session: Session) -> list[Read]:
    """Counted where it is executed; what is prepared from a variable is not known, and widens there."""
    return []


def _executed(plain: Plain, session: Session) -> list[Read]:
    """The values that stand for its question marks are in variables, which no log tells."""
    name = plain.words[1].value.lower() if len(plain.words) > 1 and plain.words[1].kind == NAME else ""
    bodies = session.prepared.get(name)
    if not bodies:
        raise WidensError
    reads: list[Read] = []
    for body in sorted(bodies):
        for way in statements_of(body, lambda _: True):
            if len(way) != 1:
                raise WidensError
            reads += [Read(read.query, shown=False) for read in mysql_reads(way[0], session)]
    return reads
