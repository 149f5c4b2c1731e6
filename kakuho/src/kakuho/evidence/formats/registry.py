"""The formats that are known, by name; the module of one is imported when the format itself is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kakuho.evidence.formats.base import Format
from kakuho.lazily import imported


class Formats(Mapping[str, Format]):
    """Formats by name, in a fixed order. ``places``: name → ``"package.module:Class"``.

    Names can be listed and looked for without importing any format. Of each format there is one instance.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self.places = dict(places)
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        made = self._made.get(name)
        if made is None:
            made = self._made.setdefault(name, imported(self.places[name])())  # another thread may have been first
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, name: object) -> bool:
        return name in self.places


def formats_in(package: str, modules: Mapping[str, str]) -> Formats:
    """The formats of one family. ``modules``: name → ``"module:Class"`` within the family's package."""
    return Formats({name: f"{package}.{place}" for name, place in modules.items()})
