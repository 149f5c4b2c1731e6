"""pgaudit's records inside the server's: ``AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,"select …","1,x"``.

CSV inside the message, 9 columns or 10 (``pgaudit.log_rows``): audit type, statement id, sub-statement id, class,
command, object type, object name, statement, parameters (CSV again), rows. Comes from ``log_audit_event`` in
``pgaudit.c``. Where a statement is ``<previously logged>`` it is that of the record before with the same number in
the same session; what was not logged is null.

A parameter that is NULL and one that is empty are written alike; both are read as null.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass

from kakuho.evidence.formats.rows_by_table import whole_number

HEAD = "AUDIT: "
_TYPES = ("SESSION", "OBJECT")
_NOT_WRITTEN = ("<not logged>", "<none>", "<previously logged>")
_SUPPRESSED = "<long param suppressed>"


@dataclass(frozen=True)
class Audited:
    """One pgaudit record; ``parameters`` is a JSON list of texts and nulls."""

    command: str | None
    object_name: str | None
    statement: str | None
    parameters: str | None
    rows: int | None
    unmapped: dict[str, object]


class Audits:
    """The pgaudit records of a stretch of a log, in order; remembers each session's statement."""

    def __init__(self) -> None:
        self._before: dict[str | None, tuple[str, str | None, str | None]] = {}

    def read(self, session: str | None, message: str) -> Audited | None:
        """What a message says; None where it is no pgaudit record."""
        fields = _fields(message)
        if fields is None:
            return None
        kind, number, part, class_, command, object_type, name, statement, parameters = fields[:9]
        known = None if statement in _NOT_WRITTEN else statement
        given = _parameters(parameters)
        before = self._before.get(session)
        if before is not None and before[0] == number:
            known = before[1] if statement == "<previously logged>" else known
            given = before[2] if parameters == "<previously logged>" else given
        if known is not None:
            self._before[session] = (number, known, given)
        rows = whole_number(fields[9]) if len(fields) == 10 else None
        unmapped: dict[str, object] = {
            "audit_type": kind,
            "class": class_,
            "object_type": object_type or None,
            "statement_id": number,
            "substatement_id": part,
        }
        return Audited(
            command or None,
            name or None,
            known,
            given,
            rows,
            {key: value for key, value in unmapped.items() if value is not None},
        )


def _fields(message: str) -> list[str] | None:
    if not message.startswith(HEAD):
        return None
    try:
        rows = list(_rows(message[len(HEAD) :]))
    except csv.Error:
        return None
    fields = rows[0] if len(rows) == 1 else []
    return fields if len(fields) in {9, 10} and fields[0] in _TYPES else None


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(text.splitlines(keepends=True), strict=True)


def _parameters(text: str) -> str | None:
    if text in _NOT_WRITTEN:
        return None
    try:
        rows = list(_rows(text))
    except csv.Error:
        return None
    if len(rows) != 1 or _SUPPRESSED in rows[0]:
        return None
    return json.dumps([value or None for value in rows[0]], ensure_ascii=False)
