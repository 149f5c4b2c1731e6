"""What every command shares: which case, which language, whether JSON is wanted.

A command declares ``as_json: JsonOption = False`` and leaves the value alone: it is remembered here, where
:mod:`kakuho.cli.output` reads it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.language import Bilingual, Language


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


def current_case(ctx: typer.Context) -> Case:
    """The case named by ``--case``, else the one whose folder this is or lies in; raises UsageError."""
    chosen = settings(ctx)
    return Case.open(chosen.case_directory or nearest_case(Path.cwd()), by=chosen.by)


def nearest_case(start: Path) -> Path:
    """``start`` or its nearest parent with a ``case.toml``."""
    for directory in (start, *start.parents):
        if (directory / "case.toml").is_file():
            return directory
    raise UsageError(
        Bilingual(ja="ここにも上のフォルダーにも事案がありません。", en="there is no case here or in a folder above"),
        where=str(start),
        remedy=Bilingual(
            ja="事案のフォルダーへ移るか、--case DIR で指定してください。新しく作るには kakuho case new DIR。",
            en="go to the case's folder or name it with --case DIR; kakuho case new DIR makes a new one",
        ),
    )


def language_of_environment() -> Language:
    """English where the locale says so, Japanese where it says so or says nothing."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "en" if value.lower().startswith("en") else "ja"
    return "ja"
