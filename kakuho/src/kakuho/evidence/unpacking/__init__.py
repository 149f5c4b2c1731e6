"""Sealed files that hold others: compressed ones and archives, unpacked into seekable copies beside the lake.

In: a sealed file. Out: its members, each as bytes that can be read at any place, with what was damaged and what was
left out. Names inside an archive are only told, never used as paths. May not know any evidence format.
"""

from kakuho.evidence.unpacking.unpack import Member, Unpacked, is_packed, unpack

__all__ = ["Member", "Unpacked", "is_packed", "unpack"]
