"""MySQL's values as text, in one way wherever keys are compared: in the lake, in the inventory's tables, in replay."""

from __future__ import annotations

_BYTES = ("binary", "varbinary", "bit", "blob", "tinyblob", "mediumblob", "longblob", "geometry", "point", "vector")


def mysql_text(value: str, kind: str) -> str:
    """SQL for ``value``, of the column type ``kind``, as text; bytes are written in hexadecimal digits."""
    return f"HEX({value})" if kind.lower().startswith(_BYTES) else f"CAST({value} AS CHAR)"
