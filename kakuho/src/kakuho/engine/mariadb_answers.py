"""MariaDB as something that answers rewritten queries: :class:`kakuho.engine.answers.Answers`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymysql
from pymysql.connections import Connection

from kakuho.engine.answers import QueryFailedError, Rows

_LOST = frozenset({0, 2006, 2013, 2014, 2055})
"""Errors after which a connection is of no use."""
_CUT = frozenset({1260, 1301})
"""Warnings that a text was cut or left out: GROUP_CONCAT beyond its length, a result beyond max_allowed_packet."""
_SESSION = (
    "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci",
    "SET SESSION sql_mode = 'ANSI_QUOTES'",
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION group_concat_max_len = 1073741824",
    "SET SESSION TRANSACTION READ ONLY",
)


class MariadbAnswers:
    """Asks over one connection at a time, and opens another where the server broke it off."""

    def __init__(self, connect: Callable[[], Connection[Any]], *, seconds: float, is_same_system: bool) -> None:
        self.is_same_system = is_same_system
        self._connect = connect
        self._seconds = seconds
        self._connection: Connection[Any] | None = None

    def rows(self, query: str) -> Rows:
        """A result that the server had to cut is no answer. One statement only: the protocol takes no more."""
        try:
            with self._open().cursor() as cursor:
                cursor.execute(query)
                rows = list(cursor.fetchall())
                if cursor.warning_count:
                    cursor.execute("SHOW WARNINGS")
                    if any(code in _CUT for _, code, _ in cursor.fetchall()):
                        raise QueryFailedError
                return rows
        except (pymysql.Error, UnicodeError) as error:
            if error.args and error.args[0] in _LOST:
                self.close()
            raise QueryFailedError from error

    def refuses(self, text: str) -> bool:
        """Not known: MariaDB works out constant parts of a statement while it prepares it."""
        return False

    def close(self) -> None:
        """The next query opens a connection again."""
        if self._connection is not None:
            self._connection._force_close()
            self._connection = None

    def _open(self) -> Connection[Any]:
        if self._connection is None:
            connection = self._connect()
            with connection.cursor() as cursor:
                for setting in (*_SESSION, f"SET SESSION max_statement_time = {self._seconds}"):
                    cursor.execute(setting)
            self._connection = connection
        return self._connection
