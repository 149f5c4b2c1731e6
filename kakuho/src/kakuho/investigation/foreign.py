"""Database connections that are not the application's own, told by where they come from.

Where the inventory says where the application connects from (``application_from``), everything that a session from
anywhere else sent may be the attacker's until a person confirms or dismisses its address. What a client says of itself,
its application name, is never believed: an intruder can call himself ``pg_dump`` or as the application does.

An intruder who connects from one of the application's own places is not seen here. He has been on the application's
host, its pooler or a tunnel's end there, which is the path ``host``; or he made the application send the statement,
which is the path of the application's role.
"""

from __future__ import annotations

import duckdb

from kakuho.detection.sqltext import first_row, literal, literals
from kakuho.inventory import LOCAL_SOCKET, Inventory

TELLS_WHERE_FROM = r"""
    SELECT coalesce(bool_and(src_ip IS NOT NULL), true)
        AND coalesce(bool_or(regexp_matches(statement, '^(\s|/\*.*?\*/)*(select|with)\b', 'i')), false)
    FROM datastore_activity WHERE statement IS NOT NULL
"""

FOREIGN_ADDRESSES = """
    SELECT DISTINCT src_ip FROM surest JOIN datastore_activity USING (source_id, line)
    WHERE surest."table" = 'datastore_activity' AND surest.why = 'foreign_connection' ORDER BY src_ip
"""


def as_witnessed(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> Inventory:
    """The inventory without ``application_from`` where the log does not tell one connection from another.

    That is where a statement has no address, and where no query of anybody is logged: such a log leaves reads out.
    """
    row = first_row(connection, TELLS_WHERE_FROM)
    return inventory if row is not None and row[0] else inventory.without_addresses()


def attribute_foreign(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> None:
    """Add the statements of foreign sessions to ``attributed``, but for those of a dismissed address."""
    if not inventory.told_apart():
        return
    connection.execute(f"""
    INSERT INTO attributed SELECT source_id, line, byte_offset, 'datastore_activity', time, 'foreign_connection'
    FROM datastore_activity WHERE statement IS NOT NULL AND ({_is_foreign(inventory)})
        AND src_ip NOT IN (SELECT value FROM dismissed WHERE type = 'address')""")


def _is_foreign(inventory: Inventory) -> str:
    """``Inventory.is_foreign`` as a condition over ``datastore_activity``."""
    conditions = []
    for path in inventory.told_apart():
        own = literals([LOCAL_SOCKET.get(place, place) for place in path.application_from])
        role = "true" if path.role in (None, "*") else f"db_user = {literal(path.role or '')}"
        conditions.append(f"({role} AND src_ip NOT IN ({own}))")
    return " OR ".join(conditions)
