"""How commands speak: one result, as JSON or for people; progress and errors on stderr.

``emit`` is called once, at the end of a command. Standard output carries the result and nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kakuho.cli.settings import settings
from kakuho.errors import KakuhoError
from kakuho.language import Bilingual, Language, in_language


class Advance(Protocol):
    """Reports how far the work is: ``advance(done, total)``; ``total`` None where it is not known."""

    def __call__(self, done: float, total: float | None = None, /) -> None:
        """Show that ``done`` of ``total`` is done."""


def text(ctx: typer.Context, *, ja: str, en: str) -> str:
    """The text in the language of this call."""
    return ja if settings(ctx).language == "ja" else en


def emit(ctx: typer.Context, data: Mapping[str, Any] | Sequence[Any], human: Callable[[Console], None]) -> None:
    """Print the result: ``data`` as JSON with ``--json``, else what ``human`` draws."""
    if settings(ctx).json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        human(Console(highlight=False))


def notice(ctx: typer.Context, message: Bilingual) -> None:
    """Tell the user something beside the result, on stderr."""
    words = in_language(message, settings(ctx).language)
    Console(stderr=True, highlight=False, markup=False).print(words, soft_wrap=True)


@contextmanager
def progress(ctx: typer.Context, description: str) -> Iterator[Advance]:
    """A progress bar on stderr; silent with ``--json`` and where stderr is no terminal."""
    if settings(ctx).json or not sys.stderr.isatty():
        yield _silent
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=None)

        def advance(done: float, total: float | None = None, /) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def print_error(error: KakuhoError, *, language: Language, as_json: bool) -> None:
    """What is wrong, where, and what to do; on stderr, and with ``--json`` also as one object on stdout."""
    labels = ("エラー", "場所", "対処") if language == "ja" else ("error", "where", "what to do")
    parts = [in_language(part, language) for part in (error.what, error.where, error.remedy)]
    console = Console(stderr=True, highlight=False, markup=False)
    for label, part in zip(labels, parts, strict=True):
        if part:
            console.print(f"{label}: {part}", soft_wrap=True)
    if as_json:
        what, where, remedy = parts
        data = {"error": {"what": what, "where": where, "what_to_do": remedy, "exit_code": error.exit_code}}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _silent(done: float, total: float | None = None, /) -> None:
    """Progress that nobody watches."""
