"""The repository's programs, as their packages declare them: name, command tree, and every command in it."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

from kakuho.cli.lazy import LazyCommand


@dataclass(frozen=True)
class Command:
    """One command of a program. ``path`` is what one types: ``("kakuho", "case", "new")``."""

    path: tuple[str, ...]
    help: str
    parameters: tuple[Any, ...]
    is_group: bool

    @property
    def name(self) -> str:
        return " ".join(self.path)

    @property
    def arguments(self) -> tuple[Any, ...]:
        return tuple(p for p in self.parameters if p.param_type_name == "argument")

    @property
    def options(self) -> tuple[Any, ...]:
        """Without ``--help``, which every command has."""
        return tuple(p for p in self.parameters if p.param_type_name == "option" and "--help" not in p.opts)


def programs(root: Path) -> dict[str, str]:
    """Program → module with its Typer ``app``, from every package's ``[project.scripts]``; kakuho first."""
    found: dict[str, str] = {}
    for file in sorted(root.glob("*/pyproject.toml")):
        scripts = tomllib.loads(file.read_text(encoding="utf-8"))["project"].get("scripts", {})
        found |= {name: entry.partition(":")[0] for name, entry in scripts.items()}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != "kakuho", pair[0])))


def commands(root: Path) -> list[Command]:
    """Every command of every program, each group before what is in it, in the order of its help."""
    return [
        command
        for name, module in programs(root).items()
        for command in _walk(get_command(importlib.import_module(module).app), (name,))
    ]


def _walk(given: Any, path: tuple[str, ...]) -> Iterator[Command]:
    command = given.loaded() if isinstance(given, LazyCommand) else given
    children = getattr(command, "commands", {})
    shown = tuple(parameter for parameter in command.params if not parameter.hidden)
    yield Command(path, (command.help or "").strip(), shown, bool(children))
    for name, child in children.items():
        if not child.hidden:
            yield from _walk(child, (*path, name))
