"""One module a format, a folder a family. A new format is a module and an entry in its family's ``FORMATS``."""

from __future__ import annotations

from kakuho.evidence.formats import cloud, database, host, ledger, network, web, windows
from kakuho.evidence.formats.base import Declared, Format, Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.registry import Formats

_FAMILIES = (ledger, database, web, host, windows, cloud, network)
FORMATS = Formats({name: place for family in _FAMILIES for name, place in family.FORMATS.places.items()})

__all__ = ["FORMATS", "Declared", "Format", "Head", "Part", "Recognition", "SourceFile"]
