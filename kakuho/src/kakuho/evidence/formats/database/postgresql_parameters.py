"""The parameters of a statement as PostgreSQL logs them: ``Parameters: $1 = 'it''s', $2 = NULL``.

The word is lower-case before PostgreSQL 16; quotes inside a value are doubled; every value is the text form. Comes from
``BuildParamLogString`` in PostgreSQL's ``params.c``.
"""

from __future__ import annotations

import json
import re

_HEAD = re.compile(r"(?:Parameters|parameters): ")
_PARAMETER = re.compile(r"\$(?P<number>\d+) = (?:NULL|'(?P<value>(?:[^']|'')*)')(?:, |\Z)")


def parameters_of(detail: str | None) -> str | None:
    """A JSON list of texts and nulls, in order; None where ``detail`` holds no parameters or cannot be read whole."""
    head = _HEAD.match(detail) if detail else None
    if detail is None or head is None:
        return None
    values: list[str | None] = []
    position = head.end()
    while position < len(detail):
        found = _PARAMETER.match(detail, position)
        if found is None or int(found["number"]) != len(values) + 1:
            return None
        values.append(None if found["value"] is None else found["value"].replace("''", "'"))
        position = found.end()
    return json.dumps(values, ensure_ascii=False)
