"""Claims by export: a table copied out whole by a dump program, told by the program's own statement in the log.

pg_dump writes ``COPY public.policyholder (id, name) TO stdout;`` for each table. What such a statement gave is found by
replay, as of any other; the method only has its own name, so that people read of a dump and not of a query. What a
client calls itself decides the name alone and never what is claimed.
"""

from __future__ import annotations

import re

from kakuho.exposure.statements import Statement

PROGRAMS = frozenset({"pg_dump", "pg_dumpall"})
_COPY_OUT = re.compile(r"COPY (?:ONLY )?[^()\s]+ \([^()]*\) TO stdout;?\Z")


def is_export(statement: Statement) -> bool:
    """Whether every run of the statement was a dump program's."""
    dumped = bool(statement.applications) and statement.applications <= PROGRAMS
    return statement.logged and dumped and _COPY_OUT.match(statement.text) is not None
