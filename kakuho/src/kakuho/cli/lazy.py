"""A command whose module is imported when the command runs, or when its own help is asked for."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from kakuho.lazily import imported


class LazyCommand(TyperCommand):
    """Its name and the help that its group shows are known; the rest lies at ``place``, ``"package.module:function"``.

    ``help`` is the function's docstring once more (a test holds them equal), so that a group can list its commands
    without importing any. Whatever is done with arguments (parsing, completing, running) is done by :meth:`loaded`.
    """

    def __init__(self, name: str, place: str, help: str) -> None:
        super().__init__(name, help=help)
        self.place = place

    def loaded(self) -> Any:
        """The command itself."""
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(imported(self.place))
        return typer.main.get_command(alone)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself: from here on this one has no part in it."""
        return self.loaded().make_context(info_name, args, parent, **extra)


def group(name: str, help: str, *commands: TyperCommand | TyperGroup) -> TyperGroup:
    """Commands under one name; without one of them it shows its help."""
    return TyperGroup(name=name, help=help, commands=list(commands), no_args_is_help=True)
