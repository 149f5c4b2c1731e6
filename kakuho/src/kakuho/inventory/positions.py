"""Where in a YAML file something stands: a path of keys and numbers → line and column, both from 1."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Position:
    line: int
    column: int


def position_of(root: yaml.Node | None, place: Place, *, key: bool = False) -> Position:
    """The deepest part of ``place`` that the file has: its value; with ``key`` the name of the last part."""
    node, found = root, Position(1, 1)
    for depth, part in enumerate(place):
        follow: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                if name.value == str(part):
                    follow = value
                    if key and depth == len(place) - 1:
                        return _start(name)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            follow = node.value[part]
        if follow is None:
            break
        node, found = follow, _start(follow)
    return found


def _start(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)
