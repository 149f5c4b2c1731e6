"""``kakuho inventory``: draft, check, routes, schema: for whoever keeps the system that holds the data; no case
needed."""

from __future__ import annotations

import typer

from kakuho.cli.inventory.check import check
from kakuho.cli.inventory.draft import draft_command
from kakuho.cli.inventory.routes import routes
from kakuho.cli.inventory.schema import schema


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    room = typer.Typer(
        no_args_is_help=True,
        help="個人データのインベントリ: 下書き、点検、経路、スキーマ。 / The inventory: draft, check, routes, schema.",
    )
    room.command("draft")(draft_command)
    room.command("check")(check)
    room.command("routes")(routes)
    room.command("schema")(schema)
    app.add_typer(room, name="inventory")
