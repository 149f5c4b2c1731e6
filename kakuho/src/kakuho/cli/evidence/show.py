"""``kakuho evidence show``: what was sealed, how far it was understood, and what it covers."""

from __future__ import annotations

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.evidence.problems import tell_problems
from kakuho.cli.evidence.rows import local, source_table, sources
from kakuho.cli.output import emit, text
from kakuho.evidence.wording import reason_text
from kakuho.language import in_language


def register(commands: typer.Typer) -> None:
    """Add this command."""
    commands.command("show")(show)


def show(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """封印した証拠と、その範囲を一覧します。 / List the sealed evidence and what it covers."""
    case = current_case(ctx)
    listed = sources(case)
    tell_problems(ctx, listed)

    def human(console: Console) -> None:
        console.print(source_table(ctx, case, listed))
        for gap in (gap for source in listed for gap in source["gaps"]):
            reason = in_language(reason_text(gap["reason"]), settings(ctx).language)
            period = f"{local(ctx, case, gap['start'])} – {local(ctx, case, gap['end'])}"
            console.print(text(ctx, ja="空白", en="gap") + f" {gap['role']}: {period}: {reason}", soft_wrap=True)

    emit(ctx, listed, human)
