"""A restored snapshot as something that answers rewritten queries, whichever database system holds it.

What replay asks is one SELECT at a time, made by Kakuho, never the intruder's text.
"""

from __future__ import annotations

from typing import Protocol

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

Rows = list[tuple[object, ...]]


class QueryFailedError(Exception):
    """The query was refused, broken off or cut: it has no answer."""


class Answers(Protocol):
    """A connection that can only read."""

    @property
    def is_same_system(self) -> bool:
        """Whether this is the system that the intruder's statements ran on, so that the same text means the same."""

    def rows(self, query: str) -> Rows:
        """Every row of one SELECT. Raises QueryFailedError; the next query can be asked all the same."""

    def refuses(self, text: str) -> bool:
        """Whether the system refuses ``text`` before it reads a row, found without running it. False where unknown."""


class PostgresqlAnswers:
    """PostgreSQL, over a connection in autocommit."""

    is_same_system = True

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection

    def rows(self, query: str) -> Rows:
        """With parameters, even none, PostgreSQL takes one statement only.

        Bytes that were no UTF-8 in the log go back as they were, and are refused.
        """
        text = query.replace("%", "%%").encode(errors="surrogateescape")
        try:
            return self._connection.execute(text, ()).fetchall()
        except psycopg.Error as error:
            self._connection.rollback()
            raise QueryFailedError from error

    def refuses(self, text: str) -> bool:
        """Only the protocol's Parse step is used: syntax and names are checked, nothing is planned or executed.

        Several statements in one text are never called refused.
        """
        try:
            result = self._connection.pgconn.prepare(b"", text.encode(errors="surrogateescape"))
        except (psycopg.Error, ValueError):
            return False
        if result.status == ExecStatus.COMMAND_OK:
            return False
        state = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode()
        message = result.error_field(DiagnosticField.MESSAGE_PRIMARY) or b""
        return state in _REFUSALS and b"multiple commands" not in message


_REFUSALS = frozenset(
    {
        "42601",  # syntax error
        "42703",  # undefined column
        "42P01",  # undefined table
        "42883",  # undefined function
        "42704",  # undefined object
        "42804",  # data types do not match
        "42846",  # cannot coerce
        "42803",  # grouping error
        "42702",  # ambiguous column
        "42725",  # ambiguous function
        "42P10",  # invalid column reference
        "42P02",  # undefined parameter
    }
)
