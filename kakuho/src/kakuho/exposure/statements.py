"""The intruder's SQL statements, from both sides: the database log, and injected parameters in the access log.

A statement seen on both sides ran and its rows went into a page; one seen on one side only proves less, unless it came
over a connection of the intruder's own, past the application, and ended well: then the rows went to the intruder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from kakuho.inventory import AccessPath, Inventory

_SPACE = re.compile(r"('(?:[^']|'')*')|\s+")
_LONGEST_AUDITED = 1024
_SLACK = timedelta(seconds=3)
_REFUSED = re.compile(
    r"syntax error|does not exist|permission denied|must have the same number of columns|cannot be matched"
    r"|unterminated|must appear in the GROUP BY|is ambiguous|is not unique|invalid reference"
    r"|is not in select list|subquery must return only one column|missing FROM-clause|is of type|incompatible types",
    re.IGNORECASE,
)
"""Messages of PostgreSQL errors raised before any row is read; any other can have told a value."""


@dataclass(frozen=True)
class EventReference:
    source_id: int
    line: int
    byte_offset: int


@dataclass(frozen=True)
class Answer:
    """What the web server wrote of a request that makes the statement: bytes of the body, and when it can have run."""

    path: str
    status: int
    size: int | None
    start: datetime
    end: datetime


@dataclass
class Statement:
    """One text with its parameters and all its runs."""

    text: str
    parameters: tuple[str | None, ...] = ()
    role: str | None = None
    applications: set[str | None] = field(default_factory=set)
    """What the clients that sent it called themselves."""
    events: set[EventReference] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    succeeded: bool = False
    failed: bool = False
    leaks_by_error: bool = False
    shown: bool = False
    """A page printed the rows of a run that succeeded, or the intruder's own connection was sent them to the end."""
    logged: bool = False
    """The database log holds it."""
    answers: dict[EventReference, Answer] = field(default_factory=dict)
    runs: dict[EventReference, datetime] = field(default_factory=dict)
    """Those that succeeded, by the database log."""
    cut: bool = False
    """The log holds its beginning only: anything can have followed."""
    databases: set[str | None] = field(default_factory=set)
    """Those that its runs' connections were in; None where the log does not say."""

    def note(self, event: EventReference, first: datetime, last: datetime) -> None:
        self.events.add(event)
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def placed(self, database: str | None) -> bool | None:
        """Whether names without a database mean tables of ``database`` (None: they always do); None: not known."""
        if database is None:
            return True
        others = {name.lower() for name in self.databases if name} - {database}
        if others and database:
            return False
        return True if self.databases == {database} or not self.logged else None

    @property
    def read_nothing(self) -> bool:
        """Every run was refused before a row was read."""
        return self.logged and self.failed and not self.succeeded and not self.leaks_by_error


def normal(text: str) -> str:
    """The statement with runs of white space outside string literals made one space."""
    return _SPACE.sub(lambda match: match.group(1) or " ", text).strip()


def collect(
    http: Iterable[dict[str, Any]], datastore: Iterable[dict[str, Any]], inventory: Inventory
) -> list[Statement]:
    """``http``: the intruder's requests; ``datastore``: its lines in the database log, ``own`` where they came over a
    connection that is certainly the intruder's alone. Sorted by text, so order changes nothing.
    """
    found: dict[tuple[str, tuple[str | None, ...]], Statement] = {}
    runs: dict[str, list[tuple[datetime, bool]]] = {}
    rows = list(datastore)
    sent = _sent_to_the_end(rows, inventory)
    for row in rows:
        if row["statement"] is None:
            continue
        parameters = tuple(json.loads(row["parameters"])) if row["parameters"] else ()
        statement = _at(found, normal(row["statement"]), parameters)
        statement.logged, statement.role = True, row["db_user"]
        statement.applications.add(row.get("application"))
        statement.cut |= bool(row.get("ended")) and _is_cut(row["statement"])
        statement.databases.add(row["database"].lower() if row.get("database") else None)
        statement.note(_reference(row), row["time"], row["time"])
        message = row["message"] or ""
        if row["outcome"] == "failure":
            statement.failed = True
            statement.leaks_by_error |= not row.get("refused") and _REFUSED.search(message) is None
        else:
            statement.succeeded = True
            statement.runs[_reference(row)] = row["time"]
            statement.shown |= (row["source_id"], row["line"]) in sent
        runs.setdefault(statement.text, []).append((row["time"], row["outcome"] == "success"))
    for path, text, row in _rebuilt(http, inventory):
        statement = _at(found, normal(text), ())
        statement.role = statement.role or path.database_role
        start, end = _interval(row)
        statement.note(_reference(row), start, end)
        statement.answers[_reference(row)] = Answer(path.id, row["status"], row["bytes_out"], start, end)
        ran = any(start <= time <= end and success for time, success in runs.get(statement.text, ()))
        answered = 200 <= row["status"] < 300 and (row["bytes_out"] or 0) > 0
        statement.shown |= ran and path.returns == "rows" and answered and row.get("certain", True)
    return [found[key] for key in sorted(found, key=lambda k: (k[0], [p or "" for p in k[1]]))]


def _is_cut(text: str) -> bool:
    """Whether it is as long as MariaDB's audit plugin writes at most (server_audit_query_log_limit, 1024 bytes)."""
    written = len(text.encode()) + sum(text.count(sign) for sign in "'\\\n\r\t")
    return _LONGEST_AUDITED - 8 <= written <= _LONGEST_AUDITED + 8


def made_by(http: Iterable[dict[str, Any]], inventory: Inventory) -> set[str]:
    """The texts that these requests make on routes whose SQL the inventory knows."""
    return {text for _, text, _ in _rebuilt(http, inventory)}


def seen_errors(http: Iterable[dict[str, Any]], inventory: Inventory) -> Callable[[Mapping[str, Any]], bool]:
    """Whether the intruder saw the error of a line of the database log: over a connection of his own, or on a page.

    A page shows it where the inventory says that the route prints errors, the request is certainly his, makes that
    very text, ran at that time and was answered with a body.
    """
    served = {path.database_role for path in inventory.access_paths if path.kind == "route"}
    served |= {path.role for path in inventory.access_paths if path.through}
    shown: dict[str, list[tuple[datetime, datetime]]] = {}
    for path, text, request in _rebuilt(http, inventory):
        if path.prints_errors and request.get("certain") and (request["bytes_out"] or 0) > 0:
            shown.setdefault(normal(text), []).append(_interval(request))

    def seen(row: Mapping[str, Any]) -> bool:
        if row["certain"] and (row.get("own") or row["db_user"] not in served):
            return True
        spans = shown.get(normal(row["statement"]), ())
        return any(start <= row["time"] <= end for start, end in spans)

    return seen


def _sent_to_the_end(rows: list[dict[str, Any]], inventory: Inventory) -> set[tuple[int, int]]:
    """Statements on connections of the intruder's own whose log shows that they ended well.

    ``ended``: the line itself was written when the statement had ended, as MariaDB's audit plugin writes its lines.
    A role that serves web pages is told apart from the pages only by an address that the application does not use. A
    line says that a statement began: its end is shown by its duration, or by the very next line of the session being
    another statement or the session's end (session_line of csvlog and jsonlog counts every line of a session, errors
    and connections that broke too).
    """
    served = {path.database_role for path in inventory.access_paths if path.kind == "route"}
    served |= {path.role for path in inventory.access_paths if path.through}
    own = [
        row
        for row in rows
        if row.get("certain") and (row.get("own") or row["db_user"] not in served) and row["outcome"] == "success"
    ]
    going_on = [row for row in rows if row["statement"] is not None or row.get("kind") == "connection"]
    lines = {(row.get("session_id"), row.get("session_line")) for row in going_on}
    return {
        (row["source_id"], row["line"])
        for row in own
        if row.get("duration_us") is not None
        or row.get("ended")
        or (row.get("session_line") is not None and (row["session_id"], row["session_line"] + 1) in lines)
    }


def _rebuilt(http: Iterable[dict[str, Any]], inventory: Inventory) -> Iterator[tuple[AccessPath, str, dict[str, Any]]]:
    """Requests on a route whose SQL the inventory knows, with the SQL that they make."""
    routes = [(path, re.compile(path.path or "")) for path in inventory.access_paths if path.sql and path.path]
    for row in http:
        for path, pattern in routes:
            if row["method"] in path.methods and pattern.search(row["url_path"] or ""):
                given = parse_qs(row["url_query"] or "", keep_blank_values=True)
                text = path.sql or ""
                for name in path.parameters:
                    text = text.replace("{" + name + "}", given.get(name, [""])[0])
                yield path, text, row


def _at(
    found: dict[tuple[str, tuple[str | None, ...]], Statement], text: str, parameters: tuple[str | None, ...]
) -> Statement:
    return found.setdefault((text, parameters), Statement(text=text, parameters=parameters))


def _reference(row: dict[str, Any]) -> EventReference:
    return EventReference(row["source_id"], row["line"], row["byte_offset"])


def _interval(row: dict[str, Any]) -> tuple[datetime, datetime]:
    """When the request's SQL can have run: stamps are whole seconds, of the request's start or of its end."""
    taken = timedelta(microseconds=row["duration_us"] or 0)
    return row["time"] - taken - _SLACK, row["time"] + taken + _SLACK
