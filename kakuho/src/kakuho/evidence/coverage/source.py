"""What coverage is told about a source, and the files of its parsed folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakuho.engine.parts import read_rows
from kakuho.engine.schemas import TABLES

Integers = NDArray[np.int64]
_FIRST_US, _LAST_US = -62_135_510_400_000_000, 253_402_128_000_000_000
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


_DATED = "time BETWEEN TIMESTAMP '0001-01-02' AND TIMESTAMP '9999-12-30'"


def rows_of(sources: Sequence[CoveredSource], tables: Sequence[str], columns: str) -> str | None:
    """SQL for ``columns`` of the rows of ``tables`` of all these sources; None where there are no such rows.

    Rows whose time is no date of the calendar (a damaged number of seconds, say) are left out.
    """
    selects = []
    for table in tables:
        paths = [path for source in sources for path in source.files(table)]
        if paths:
            listed = ", ".join(f"'{quoted(path)}'" for path in paths)
            selects.append(f"SELECT {columns} FROM read_parquet([{listed}]) WHERE {_DATED}")
    return " UNION ALL ".join(selects) or None


def lines_and_times(path: Path) -> tuple[Integers, Integers]:
    """The lines of a file of events, ascending, and their times (microseconds since 1970), dated ones only."""
    rows = read_rows(path, ["line", "time"])
    lines, times = rows["line"].to_numpy(), rows["time"].cast("int64").to_numpy()
    dated = (times >= _FIRST_US) & (times <= _LAST_US)
    order = np.argsort(lines[dated], kind="stable")
    return lines[dated][order], times[dated][order]


def quoted(path: Path) -> str:
    """A path inside an SQL string."""
    return str(path).replace("'", "''")
