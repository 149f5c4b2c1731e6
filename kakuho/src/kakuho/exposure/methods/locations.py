"""Where an export or a backup lies, as the inventory says it: patterns over paths, and whether a place fits them.

``*`` and ``?`` stand for letters within a name, ``**`` for anything across folders. A path of a web server is taken as
it was asked for: one with ``..`` in it fits nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kakuho.exposure.methods.transfers import Transfer

_WILD = re.compile(r"\*\*|\*|\?")


@lru_cache(maxsize=4096)
def expression_of(pattern: str) -> str:
    """The pattern as a regular expression (RE2's syntax, so that every engine reads it)."""
    parts, place = [], 0
    for found in _WILD.finditer(pattern):
        parts.append(re.escape(pattern[place : found.start()]))
        parts.append({"**": ".*", "*": "[^/]*", "?": "[^/]"}[found.group()])
        place = found.end()
    return f"^{''.join(parts)}{re.escape(pattern[place:])}$"


def fits(transfer: Transfer, pattern: str) -> bool:
    """Whether the transfer may be of a file that lies where ``pattern`` says.

    A command line can name a folder above, a pattern of its own, or a name relative to a folder that no log tells.
    """
    location = (transfer.location or "").replace("\\", "/")
    if not location or ".." in location.split("/"):
        return transfer.kind != "download" and bool(location)
    if re.match(expression_of(pattern), location):
        return True
    if transfer.kind == "download":
        return False
    named = pattern.rpartition("/")[2]
    if transfer.kind == "seen" or "/" not in location:
        return named.strip("*?") != "" and re.match(expression_of(named), location.rpartition("/")[2]) is not None
    if transfer.kind != "command":
        return False
    ours, theirs = _plain(pattern), _plain(location)
    above = theirs.rstrip("/") + "/"
    return ours.startswith(above) or (theirs != location and (ours.startswith(theirs) or theirs.startswith(ours)))


def _plain(pattern: str) -> str:
    """What stands before the first letter that is not for itself."""
    found = re.search(r"[*?\[{]", pattern)
    return pattern[: found.start()] if found else pattern
