"""What coverage is told about a source, and the files of its parsed folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakuho.engine.schemas import TABLES

EVENT_TABLES = tuple(
    name
    for name, table in TABLES.items()
    if table.order[:3] == ("time", "source_id", "line") and name not in {"sequence", "attacker_events"}
)


@dataclass(frozen=True)
class CoveredSource:
    """One parsed source.

    ``series``: what the rotated files of one log share. ``facts``: what its format found out about it (``facts`` of
    ``facts.json``). ``folder``: its parsed tables, ``<table>-NNNNN.parquet``. ``truncated``: the reason key where the
    sealed file itself broke off. ``ends_in_mid_line``: its last line has no end.
    """

    source_id: int
    name: str
    format: str
    role: str
    series: str
    facts: Mapping[str, Any]
    folder: Path
    truncated: str | None = None
    ends_in_mid_line: bool = False

    def files(self, table: str) -> list[Path]:
        """The files with the rows of a table, in the order of the source's lines."""
        return sorted(self.folder.glob(f"{table}-[0-9]*.parquet"))


def rows_of(sources: Sequence[CoveredSource], tables: Sequence[str], columns: str) -> str | None:
    """SQL for ``columns`` of the rows of ``tables`` of all these sources; None where there are no such rows."""
    selects = []
    for table in tables:
        paths = [path for source in sources for path in source.files(table)]
        if paths:
            listed = ", ".join(f"'{quoted(path)}'" for path in paths)
            selects.append(f"SELECT {columns} FROM read_parquet([{listed}])")
    return " UNION ALL ".join(selects) or None


def quoted(path: Path) -> str:
    """A path inside an SQL string."""
    return str(path).replace("'", "''")
