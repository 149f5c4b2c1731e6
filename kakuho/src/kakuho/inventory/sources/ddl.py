"""Schema and samples out of SQL text: plain ``pg_dump``, ``mysqldump``, DDL of any kind. Parsed, never executed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kakuho.inventory.sources.model import SAMPLES, ForeignKey, SourceColumn, SourceSchema, SourceTable
from kakuho.inventory.sources.statements import statements
from kakuho.inventory.sources.values import copied, inserted, table_name

logging.getLogger("sqlglot").addHandler(logging.NullHandler())
logging.getLogger("sqlglot").propagate = False  # its warnings quote the statement, values and all

_MYSQL = re.compile(r"ENGINE\s*=|AUTO_INCREMENT|^-- (?:MySQL|MariaDB) dump|^/\*!\d|`", re.IGNORECASE | re.MULTILINE)
_POSTGRESQL = re.compile(r"PostgreSQL database dump|pg_catalog|COMMENT ON|nextval|::\w|FROM stdin", re.IGNORECASE)
_WANTED = re.compile(
    r"\s*(CREATE\s+(?:UNLOGGED\s+|GLOBAL\s+|LOCAL\s+|TEMP\w*\s+)*TABLE|ALTER\s+TABLE|COMMENT\s+ON|CREATE\s+UNIQUE)",
    re.IGNORECASE,
)


@dataclass
class _Table:
    columns: dict[str, SourceColumn] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    comment: str = ""
    comments: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str | None]] = field(default_factory=dict)


def guess_dialect(head: str) -> str:
    """``mysql``, ``postgres`` or ``sqlite`` by what only one of them writes."""
    if _POSTGRESQL.search(head):
        return "postgres"
    return "mysql" if _MYSQL.search(head) else "sqlite"


def read_ddl(lines: Iterable[str], name: str, dialect: str) -> SourceSchema:
    """The tables that the statements make, with the first rows that they insert."""
    tables: dict[str, _Table] = {}
    for statement in statements(lines, backslashes=dialect == "mysql", most_rows=SAMPLES):
        text = statement.text
        rows = copied(text, statement.rows) or inserted(text)
        if rows is not None:
            _take_rows(tables, *rows)
        elif _WANTED.match(text):
            _take(tables, text, dialect)
    return SourceSchema(name, dialect, tuple(_made(name, table) for name, table in tables.items() if table.columns))


def _take_rows(tables: dict[str, _Table], name: str, columns: list[str] | None, rows: list[list[str | None]]) -> None:
    table = tables.get(name)
    if table is None:
        return
    for column, values in zip(columns or list(table.columns), zip(*rows, strict=False), strict=False):
        held = table.rows.setdefault(column, [])
        held.extend(values[: SAMPLES - len(held)])


def _take(tables: dict[str, _Table], text: str, dialect: str) -> None:
    """One statement of the schema; one that nobody can parse is read by its outline, never left out in silence."""
    for one in (dialect, "mysql", "postgres", "tsql", None):
        try:
            parsed = sqlglot.parse_one(text, read=one)
        except (SqlglotError, RecursionError, ValueError):
            continue
        if isinstance(parsed, exp.Create) and isinstance(parsed.this, exp.Schema):
            _create(tables, parsed)
            return
        if isinstance(parsed, exp.Create) and isinstance(parsed.this, exp.Index):
            _index(tables, parsed.this)
            return
        if isinstance(parsed, exp.Alter):
            _alter(tables, parsed)
            return
        if isinstance(parsed, exp.Comment):
            _comment(tables, parsed)
            return
    _outline(tables, text)


def _name(table: exp.Expression | None) -> str:
    if not isinstance(table, exp.Table):
        return ""
    schema = table.db
    return table.name if schema.lower() in ("", "public", "dbo", "main") else f"{schema}.{table.name}"


def _names(node: exp.Expression) -> tuple[str, ...]:
    return tuple(one.name for one in node.expressions)


def _create(tables: dict[str, _Table], parsed: exp.Create) -> None:
    table = tables.setdefault(_name(parsed.this.this), _Table())
    for part in parsed.this.expressions:
        if isinstance(part, exp.ColumnDef):
            _column(table, part)
        else:
            _constraint(table, part)
    for one in parsed.find_all(exp.SchemaCommentProperty):
        table.comment = one.this.name


def _column(table: _Table, part: exp.ColumnDef) -> None:
    comment, nullable = "", True
    for one in part.constraints:
        kind = one.kind
        if isinstance(kind, exp.NotNullColumnConstraint):
            nullable = bool(kind.args.get("allow_null"))
        elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
            table.primary_key, nullable = (part.name,), False
        elif isinstance(kind, exp.UniqueColumnConstraint):
            table.unique.append((part.name,))
        elif isinstance(kind, exp.CommentColumnConstraint):
            comment = kind.this.name
        elif isinstance(kind, exp.Reference):
            _refer(table, (part.name,), kind)
    written = part.kind.sql().lower() if part.kind is not None else ""
    table.columns[part.name] = SourceColumn(part.name, written, nullable, comment)


def _constraint(table: _Table, part: exp.Expression) -> None:
    if isinstance(part, exp.Constraint):
        for one in part.expressions:
            _constraint(table, one)
    elif isinstance(part, exp.PrimaryKey):
        table.primary_key = _names(part)
    elif isinstance(part, exp.UniqueColumnConstraint) and part.this is not None:
        table.unique.append(_names(part.this))
    elif isinstance(part, exp.ForeignKey) and isinstance(part.args.get("reference"), exp.Reference):
        _refer(table, _names(part), part.args["reference"])


def _refer(table: _Table, columns: tuple[str, ...], reference: exp.Reference) -> None:
    target = reference.this
    if isinstance(target, exp.Schema):
        table.foreign_keys.append(ForeignKey(columns, _name(target.this), _names(target)))
    else:
        table.foreign_keys.append(ForeignKey(columns, _name(target)))


def _alter(tables: dict[str, _Table], parsed: exp.Alter) -> None:
    table = tables.setdefault(_name(parsed.this), _Table())
    for action in parsed.args.get("actions") or []:
        if isinstance(action, exp.AddConstraint):
            for one in action.expressions:
                _constraint(table, one)
        elif isinstance(action, exp.ColumnDef):
            _column(table, action)


def _index(tables: dict[str, _Table], index: exp.Index) -> None:
    table = tables.get(_name(index.args.get("table")))
    columns = tuple(one.name for one in index.find_all(exp.Column))
    if table is not None and columns:
        table.unique.append(columns)


def _comment(tables: dict[str, _Table], parsed: exp.Comment) -> None:
    words = parsed.expression.name if parsed.expression is not None else ""
    if parsed.args.get("kind") == "TABLE":
        tables.setdefault(_name(parsed.this), _Table()).comment = words
    elif isinstance(parsed.this, exp.Column):
        column = parsed.this
        name = ".".join(part for part in (column.db, column.table) if part and part.lower() != "public")
        tables.setdefault(name, _Table()).comments[column.name] = words


_OUTLINE = re.compile(
    r"\s*CREATE\s+.*?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([^\s(]+)\s*\((.*)\)", re.IGNORECASE | re.DOTALL
)
_NO_COLUMN = re.compile(r"(?i)(primary|unique|foreign|constraint|check|key|index|exclude|fulltext|spatial|like)\b")


def _outline(tables: dict[str, _Table], text: str) -> None:
    found = _OUTLINE.match(text)
    if found is None:
        return
    table = tables.setdefault(table_name(found[1]), _Table())
    depth, part = 0, ""
    for letter in found[2] + ",":
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            words = part.split(None, 2)
            if len(words) > 1 and not _NO_COLUMN.match(words[0]):
                column = words[0].strip('"`[]')
                table.columns[column] = SourceColumn(column, words[1].lower())
                if re.search(r"primary\s+key", part, re.IGNORECASE):
                    table.primary_key = (column,)
            part = ""
        else:
            part += letter


def _made(name: str, table: _Table) -> SourceTable:
    columns = tuple(
        SourceColumn(one.name, one.type, one.nullable, table.comments.get(one.name, one.comment))
        for one in table.columns.values()
    )
    made = SourceTable(name, columns, table.primary_key, tuple(table.unique), tuple(table.foreign_keys), table.comment)
    return made.with_samples(table.rows)
