"""How this process keeps its memory."""

from __future__ import annotations

import ctypes

import pyarrow as pa

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt(3)."""


def keep_freed_memory() -> None:
    """Keep what a block leaves for the next one instead of giving it back to the system and asking for it anew.

    A block of 16 MiB is read and dropped a hundred times a gigabyte; to have its pages made each time takes as long as
    to copy it. Arrow takes its memory from there too, for its own allocator gives back all that rests a moment. What is
    kept is bounded by what was used at once. Where the C library is another, nothing changes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_TRIM_THRESHOLD, 256 << 20)
        mallopt(_M_MMAP_THRESHOLD, 32 << 20)
        pa.set_memory_pool(pa.system_memory_pool())
