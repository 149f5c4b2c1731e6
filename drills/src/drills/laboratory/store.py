"""The shop's way to its database: one connection a thread, statements run exactly as they come, several at once too."""

import sqlite3
import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

import psycopg
import pymysql
from pymysql.constants import CLIENT

Rows = list[Sequence[object]]


class StatementError(Exception):
    """What the database said of a statement; the shop prints it on some pages, which is one of its faults."""


class Store:
    """`url`: sqlite:///file, postgresql://… or mariadb://user:password@/socket."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._run = {"sqlite": self._sqlite, "postgresql": self._postgresql, "mariadb": self._mariadb}[
            url.partition(":")[0]
        ]
        self._threads = threading.local()

    def rows(self, statement: str) -> Rows:
        """The rows of the statement's first result."""
        return self._run(statement)

    def _sqlite(self, statement: str) -> Rows:
        if not hasattr(self._threads, "connection"):
            path = self._url.removeprefix("sqlite://")
            self._threads.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        connection: sqlite3.Connection = self._threads.connection
        try:
            if sqlite3.complete_statement(statement.partition(";")[0] + ";") and ";" in statement:
                first, _, rest = statement.partition(";")
                found = connection.execute(first).fetchall()
                connection.executescript(rest)
                return list(found)
            return list(connection.execute(statement).fetchall())
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise StatementError(f"SQLite error: {error}") from error

    def _postgresql(self, statement: str) -> Rows:
        if not hasattr(self._threads, "connection"):
            self._threads.connection = psycopg.connect(self._url, autocommit=True)
        connection: psycopg.Connection = self._threads.connection
        try:
            cursor = connection.execute(statement.encode())
            return list(cursor.fetchall()) if cursor.description else []
        except (psycopg.Error, UnicodeError) as error:
            raise StatementError(f"PostgreSQL ERROR: {error}") from error

    def _mariadb(self, statement: str) -> Rows:
        if not hasattr(self._threads, "connection"):
            account = urlsplit(self._url)
            self._threads.connection = pymysql.connect(
                unix_socket=account.path, user=account.username, password=account.password or "", database="shop",
                charset="utf8mb4", autocommit=True, client_flag=CLIENT.MULTI_STATEMENTS,
            )  # fmt: skip
        connection = self._threads.connection
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                found = list(cursor.fetchall())
                while cursor.nextset():
                    cursor.fetchall()
                return found
        except (pymysql.err.Error, UnicodeError) as error:
            code = " ".join(str(part) for part in error.args)
            raise StatementError(f"You have an error in your SQL syntax; MariaDB server version: {code}") from error
