"""The global options of one call, and the option ``--json`` that every command has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kakuho.language import Language


@dataclass
class Settings:
    """The global options of one call."""

    case_directory: Path | None = None
    language: Language = "ja"
    by: str | None = None
    json: bool = False


def settings(ctx: typer.Context) -> Settings:
    """The settings of this call, made by the root callback."""
    found = ctx.find_object(Settings)
    if found is None:
        raise RuntimeError("the root callback did not run")
    return found


def _remember_json(ctx: typer.Context, value: bool) -> bool:
    if value:
        settings(ctx).json = True
    return value


JsonOption = Annotated[
    bool,
    typer.Option("--json", help="結果を JSON で出力します。 / Print the result as JSON.", callback=_remember_json),
]


def language_of_environment() -> Language:
    """English where the locale says so, Japanese where it says so or says nothing."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "en" if value.lower().startswith("en") else "ja"
    return "ja"
