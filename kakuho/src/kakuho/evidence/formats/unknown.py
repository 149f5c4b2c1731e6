"""A file in no known format: sealed all the same, so that custody holds; nothing of it becomes an event."""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.language import Bilingual


class Unknown:
    """What is sealed without being understood."""

    name = "unknown"
    label = Bilingual(ja="形式不明", en="unknown format")
    role = "unknown"
    tables = ()
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """Nothing speaks for it."""
        return None

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Nothing is read."""
        return iter(())
