"""One module a format, a folder a family. A new format is a module and an entry in its family's ``FORMATS``."""

from __future__ import annotations

from kakuho.evidence.formats import cloud, database, host, ledger, network, web, windows
from kakuho.evidence.formats.base import Declared, Format, Head, Part, Recognition, SourceFile

_FAMILIES = (ledger, database, web, host, windows, cloud, network)
FORMATS: dict[str, Format] = {known.name: known for family in _FAMILIES for known in family.FORMATS}

__all__ = ["FORMATS", "Declared", "Format", "Head", "Part", "Recognition", "SourceFile"]
