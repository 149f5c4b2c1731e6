"""The inventory's routes as conditions over a table of requests.

A route's ``path`` is a regular expression; the engine tries it on every distinct path at once, and only on those that
begin as it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.errors import UsageError
from kakuho.inventory import AccessPath, Inventory, Shows
from kakuho.language import Bilingual

_NAMED = re.compile(r"\(\?P<\w+>")
_PLAIN = re.compile(r"\^((?:[A-Za-z0-9/_~%!,;=@-]|\\[./-])+)")
_REPEATED = "?*{+"


@dataclass(frozen=True)
class Route:
    """An access path of the kind ``route``, with its expression as every engine reads it."""

    path: AccessPath
    pattern: str
    begins: str
    groups: dict[str, int]

    def among(self, paths: ir.Table) -> ir.Table:
        """Those of ``paths`` (method, url_path) that the route answers."""
        mine = paths.filter(paths.method.isin(self.path.methods))
        if self.begins:
            mine = mine.filter(mine.url_path.startswith(self.begins))
        return mine.filter(mine.url_path.re_search(self.pattern)) if self.pattern else mine

    def key_of(self, shows: Shows) -> tuple[str, Callable[[ir.StringColumn], ir.StringValue]] | None:
        """The collection whose key the path names, and how to take it out of a path; None where it names none."""
        collection, _, template = (shows.subject or "").partition(":")
        number = self.groups.get(template.strip("{}")) if template else None
        if number is None:
            return None
        return collection, lambda url_path: url_path.re_extract(self.pattern, number)


def routes_of(inventory: Inventory) -> list[Route]:
    """Every route. Raises UsageError for an expression that engines over tables cannot run (look-around, back
    references)."""
    return [_route(path) for path in inventory.access_paths if path.kind == "route"]


def _route(path: AccessPath) -> Route:
    written = path.path or ""
    pattern = _NAMED.sub("(", written)
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        groups = dict(re.compile(written).groupindex)
    except (pa.ArrowInvalid, re.error):
        raise UsageError(
            Bilingual(
                ja="経路の正規表現を解釈できません（先読み・後読み・後方参照は使えません）。",
                en="this route's regular expression cannot be used (no look-around, no back references)",
            ),
            where=f"inventory.yaml: access_paths: {path.id}: path",
            remedy=Bilingual(ja="RE2 の書き方に直してください。", en="write it in the syntax of RE2"),
        ) from None
    return Route(path, pattern, _beginning(pattern), groups)


def _beginning(pattern: str) -> str:
    """What every path that matches begins with; empty where the expression does not say."""
    found = _PLAIN.match(pattern)
    if found is None or "|" in pattern:
        return ""
    plain = found.group(1)
    if pattern[found.end() : found.end() + 1] in tuple(_REPEATED):
        plain = plain[:-2] if plain[-2:-1] == "\\" else plain[:-1]
    return plain.replace("\\", "")
