"""What a restored database says of itself beyond tables and columns, from its catalogue.

A relation is called as in :mod:`kakuho.engine.sandbox`: ``schema.table`` outside ``public``.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]

_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
_OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_FOREIGN_KEYS = f"""
    SELECT {_NAME}, a.attname
    FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
    WHERE f.contype = 'f' AND {_OURS}
""".encode()
_PARENTS = f"""
    SELECT {_NAME}, (SELECT {_NAME.replace("n.", "pn.").replace("c.", "pc.")}
                     FROM pg_class pc JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE pc.oid = i.inhparent)
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {_OURS} ORDER BY i.inhseqno DESC
""".encode()
_FUNCTIONS = f"""
    SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS}
""".encode()
_STORED_VIEWS = f"""
    SELECT {_NAME} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND {_OURS}
""".encode()


@dataclass(frozen=True)
class Catalogue:
    """``links``: table → columns of foreign keys. ``parents``: partition or inheriting table → the table above it.

    ``functions``: names of functions that are not PostgreSQL's own. ``stored_views``: materialised views.
    """

    links: dict[str, frozenset[str]]
    parents: dict[str, str]
    functions: frozenset[str]
    stored_views: frozenset[str]


def catalogue(connection: Connection) -> Catalogue:
    """Read it all; four short queries."""
    links: dict[str, set[str]] = {}
    for table, column in connection.execute(_FOREIGN_KEYS).fetchall():
        links.setdefault(str(table), set()).add(str(column))
    return Catalogue(
        links={table: frozenset(columns) for table, columns in sorted(links.items())},
        parents={str(child): str(parent) for child, parent in connection.execute(_PARENTS).fetchall()},
        functions=frozenset(str(name).lower() for (name,) in connection.execute(_FUNCTIONS).fetchall()),
        stored_views=frozenset(str(name) for (name,) in connection.execute(_STORED_VIEWS).fetchall()),
    )
