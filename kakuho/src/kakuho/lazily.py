"""What is imported when it is first asked for, and not before: a command, a format, a name of a package.

Something is named by its place, ``"package.module:name"``. Tables of places (the commands of the program, the formats
of evidence) can be listed, counted and searched by their keys without importing anything. A program that shows its help
then loads no engine, and a process that reads one format loads that format alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def imported(place: str) -> Any:
    """What lies at ``"package.module:name"``. Raises ImportError or AttributeError where nothing does."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def names_of(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__`` (PEP 562) that gives each of ``places``'s names from its place, imported once.

    What type checkers and readers see stands under ``TYPE_CHECKING`` in the package itself.
    """

    def of_package(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = imported(places[name])
        setattr(sys.modules[package], name, value)
        return value

    return of_package
