"""``kakuho evidence``: tell what files are, seal them, show what they cover and what could not be read."""

from __future__ import annotations

import typer

from kakuho.cli.evidence import add, declare, identify, line, rejects, show

_MODULES = (identify, add, declare, show, rejects, line)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    commands = typer.Typer(
        help="証拠を見分ける・封印する・見る。 / Tell evidence, seal it, show it.", no_args_is_help=True
    )
    for module in _MODULES:
        module.register(commands)
    app.add_typer(commands, name="evidence")
