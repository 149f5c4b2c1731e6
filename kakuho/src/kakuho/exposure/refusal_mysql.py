"""Errors of MySQL and MariaDB that come before a row is read, by the code that their audit logs write."""

from __future__ import annotations

import re

_CODE = re.compile(r'"status(?:_code)?":"?(\d+)')
_BEFORE_ANY_ROW = frozenset(
    {
        "1044",  # access denied to the database
        "1046",  # no database selected
        "1049",  # unknown database
        "1054",  # unknown column
        "1064",  # syntax error
        "1142",  # command denied for the table
        "1143",  # command denied for the column
        "1146",  # no such table
        "1222",  # different numbers of columns in a UNION
    }
)
"""Names are looked up and rights are asked for all of a statement before it begins to run."""
_MORE_THAN_ONE = re.compile(r";|\b(?:call|execute|do|begin|into)\b", re.IGNORECASE)


def is_refusal(told: str, statement: str | None) -> bool:
    """``told``: what the audit log says beside; false where a part of the statement may have run before."""
    code = _CODE.search(told)
    known = code is not None and code[1] in _BEFORE_ANY_ROW
    return known and statement is not None and _MORE_THAN_ONE.search(statement) is None
