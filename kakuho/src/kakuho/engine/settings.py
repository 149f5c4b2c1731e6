"""How DuckDB runs inside this process: its cores, its memory, where it spills."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY_SHARE = 0.4


def engine_settings(lake: Path) -> dict[str, str | bool | int | float | list[str]]:
    """Settings of DuckDB: all cores that this process may use, a share of the memory, spills inside the case."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "threads": len(os.sched_getaffinity(0)),
        "memory_limit": f"{int(memory * MEMORY_SHARE / 2**20)}MiB",
        "temp_directory": str(lake / ".spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
