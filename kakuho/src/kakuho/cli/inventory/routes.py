"""``kakuho inventory routes``: the web's access paths, drafted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, settings
from kakuho.cli.output import emit, notice
from kakuho.errors import UsageError
from kakuho.inventory import load_inventory
from kakuho.inventory.routes.django_project import see_django
from kakuho.inventory.routes.drafting import draft_routes
from kakuho.inventory.routes.openapi import routes_of_openapi
from kakuho.inventory.routes.text import routes_text
from kakuho.language import Bilingual


def routes(
    ctx: typer.Context,
    module: Annotated[
        str | None,
        typer.Argument(
            metavar="SETTINGS", help="Django の設定モジュール。 / Django's settings module, e.g. shop.settings."
        ),
    ] = None,
    openapi: Annotated[
        Path | None, typer.Option("--openapi", metavar="FILE", help="OpenAPI 3 の記述。 / An OpenAPI 3 description.")
    ] = None,
    inventory: Annotated[
        Path,
        typer.Option("--inventory", metavar="FILE", help="表と項目のある目録。 / The inventory with its tables."),
    ] = Path("inventory.yaml"),
    python: Annotated[
        str | None,
        typer.Option(
            "--python",
            metavar="PROGRAM",
            help="プロジェクトの Python（既定: kakuho のもの）。 / The project's interpreter.",
        ),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="プロジェクトのフォルダー。 / The project's folder.")
    ] = Path(),
    as_json: JsonOption = False,
) -> None:
    """経路ごとに見える表と項目を下書きします（写しのデータベースで）。 / Draft what each route shows, on a copy."""
    if (module is None) == (openapi is None):
        raise UsageError(
            Bilingual(
                ja="設定モジュールか --openapi のどちらか一つが要ります。",
                en="name a settings module or --openapi, one of them",
            ),
            remedy=Bilingual(
                ja="例: kakuho inventory routes shop.settings", en="for example: kakuho inventory routes shop.settings"
            ),
        )
    known = load_inventory(inventory)
    if openapi is not None:
        drafted = routes_of_openapi(openapi, known)
    else:
        notice(
            ctx,
            Bilingual(
                ja="プロジェクトを動かします。変更は取り消しますが、本番のデータベースでは使わないでください。",
                en="running the project: its changes are rolled back, yet do not use the live database",
            ),
        )
        drafted = draft_routes(see_django(str(module), known, python=python or sys.executable, folder=folder), known)
    written = routes_text(drafted, settings(ctx).language)
    data = [
        {**one.path.model_dump(mode="json", exclude_defaults=True), "sure": one.sure, "confidence": one.confidence}
        for one in drafted
    ]
    emit(ctx, data, lambda console: _write(console, written))


def _write(console: Console, written: str) -> None:
    sys.stdout.write(written)
