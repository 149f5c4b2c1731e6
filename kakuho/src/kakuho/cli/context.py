"""What every command starts from: the case it works on, with its evidence tables up to date.

A command declares ``as_json: JsonOption = False`` and leaves the value alone: it is remembered in the settings, where
:mod:`kakuho.cli.output` reads it.
"""

from __future__ import annotations

from pathlib import Path

import typer

from kakuho.case import Case
from kakuho.cli.output import notice, progress, text
from kakuho.cli.settings import JsonOption, Settings, language_of_environment, settings
from kakuho.errors import UsageError
from kakuho.evidence import bring_up_to_date, is_up_to_date
from kakuho.language import Bilingual

__all__ = ["JsonOption", "Settings", "current_case", "language_of_environment", "nearest_case", "open_case", "settings"]


def open_case(ctx: typer.Context) -> Case:
    """The case named by ``--case``, else the one whose folder this is or lies in; raises UsageError."""
    chosen = settings(ctx)
    case = Case.open(chosen.case_directory or nearest_case(Path.cwd()), by=chosen.by)
    case.journal.notify = lambda message: notice(ctx, message)
    return case


def current_case(ctx: typer.Context) -> Case:
    """The same, its evidence tables made again from the sealed files where they are missing or not current."""
    case = open_case(ctx)
    if not is_up_to_date(case):
        with case.lock(), progress(ctx, text(ctx, ja="証拠を解析中", en="parsing the evidence")) as advance:
            bring_up_to_date(case, advance)
    return case


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
