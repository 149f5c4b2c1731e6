"""What differs between the database systems whose statements are analysed, for the parts that they share."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Grammar
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.postgres import Postgres
from sqlglot.generators.mysql import MySQLGenerator

from kakuho.engine.mysql_text import mysql_text


class _MariaDBGenerator(MySQLGenerator):
    """MariaDB has REGEXP and no REGEXP_LIKE, and 0x41 is a number there where x'41' is none."""

    TRANSFORMS = {
        **MySQLGenerator.TRANSFORMS,
        exp.RegexpLike: lambda self, node: f"{self.sql(node, 'this')} REGEXP {self.sql(node, 'expression')}",
        exp.HexString: lambda self, node: f"0x{node.name}",
    }


class MariaDB(MySQL):
    """MySQL as it is written for MariaDB, which runs what is rewritten."""

    Generator = _MariaDBGenerator


@dataclass(frozen=True)
class Dialect:
    """``any_true``: the aggregate that holds where one of its conditions does. ``lateral``: a derived table may refer
    to those before it. ``folds_case``: names of columns and tables are compared without regard to case.
    """

    name: str
    grammar: type[Grammar]
    any_true: str
    lateral: bool
    folds_case: bool
    system_schemas: frozenset[str]
    system_prefix: str
    samples: frozenset[str]

    def as_text(self, value: str, kind: str) -> str:
        """SQL for a key's value, of the type ``kind``, as the text that the inventory's tables hold."""
        return mysql_text(value, kind) if self.folds_case else f"CAST({value} AS TEXT)"

    def as_output(self, text: str) -> str:
        """A key's text where it is told apart from others: by its letters, whatever the collation."""
        return f"{text} COLLATE utf8mb4_nopad_bin" if self.folds_case else text

    def sql(self, tree: exp.Expr) -> str:
        """``tree`` as this system reads it; comments are left out."""
        return tree.sql(self.grammar, comments=False)


POSTGRESQL = Dialect(
    name="postgresql",
    grammar=Postgres,
    any_true="bool_or",
    lateral=True,
    folds_case=False,
    system_schemas=frozenset({"pg_catalog", "information_schema", "pg_toast"}),
    system_prefix="pg_",
    samples=frozenset(
        {"pg_stats", "pg_statistic", "pg_stats_ext", "pg_stats_ext_exprs", "pg_statistic_ext_data", "pg_stat_activity",
         "pg_stat_statements", "pg_largeobject", "pg_prepared_statements", "pg_cursors"}
    ),
)  # fmt: skip
MYSQL = Dialect(
    name="mysql",
    grammar=MariaDB,
    any_true="MAX",
    lateral=False,
    folds_case=True,
    system_schemas=frozenset({"information_schema", "mysql"}),
    system_prefix="\x00",
    samples=frozenset(
        {"processlist", "general_log", "slow_log", "column_stats", "column_statistics", "innodb_trx", "innodb_locks",
         "innodb_buffer_page", "innodb_buffer_page_lru", "innodb_ft_index_table", "innodb_ft_index_cache",
         "innodb_ft_config", "innodb_ft_deleted", "user_variables", "query_cache_info", "performance_schema", "sys"}
    ),
)  # fmt: skip
"""MySQL and MariaDB. Samples: tables that hold statements, values of rows, or the most common values of columns; of two
system databases every table can."""
