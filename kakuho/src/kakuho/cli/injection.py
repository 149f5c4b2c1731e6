"""``kakuho injection``: what an attacker read through an injected parameter, from an HTTP log alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.context import JsonOption, settings
from kakuho.cli.output import emit, progress, text
from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared
from kakuho.exposure.injection import UNDECIDED, DecodedValue, Extraction, decode_log
from kakuho.exposure.injection.systems import ALIASES
from kakuho.language import Bilingual

SHOWN = 40
"""Values of one parameter that a person is shown; ``--json`` has all."""

TECHNIQUES = {
    "boolean": ("真偽", "boolean"),
    "time": ("応答時間", "time"),
    "stacked": ("複文", "stacked"),
    "union": ("UNION", "UNION"),
    "error": ("エラー文", "error"),
    "inline": ("値の置換", "inline"),
}


def decode_command(
    ctx: typer.Context,
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="HTTP のログ（圧縮されていてもよい）。 / A log of HTTP requests.")
    ],
    dbms: Annotated[
        str | None,
        typer.Option(
            "--dbms",
            metavar="NAME",
            help="mysql, postgresql, sqlite, mssql, oracle（既定: 要求の文から判断）。 / The database system.",
        ),
    ] = None,
    chosen: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="ログの形式（既定: 内容から判断）。 / The log's format."),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(
            "--pattern", metavar="TEXT", help="log_format や LogFormat の設定。 / The log's configured pattern."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """アクセスログから、攻撃者が取り出した値を復元します（未確定の文字は U+FFFD）。 / Decode what was extracted."""
    if not log.is_file():
        raise UsageError(
            Bilingual(ja="ファイルがありません。", en="there is no such file"),
            where=str(log),
            remedy=Bilingual(ja="ログのパスを確かめてください。", en="check the path of the log"),
        )
    system = _system(dbms)
    size = log.stat().st_size
    with progress(ctx, text(ctx, ja="復元中", en="decoding")) as advance:
        done = 0

        def tell(read: int) -> None:
            nonlocal done
            done += read
            advance(done, size)

        found, _ = decode_log(log, dbms=system, chosen=chosen, declared=Declared(pattern=pattern), advance=tell)
    emit(ctx, [one.as_json() for one in found], lambda console: _draw(ctx, console, found))


def _system(given: str | None) -> str | None:
    if given is None:
        return None
    known = ALIASES.get(given.strip().lower())
    if known is None:
        names = "mysql, mariadb, postgresql, sqlite, mssql, oracle"
        raise UsageError(
            Bilingual(ja=f"データベース {given} は扱えません。", en=f"the database system {given} is not known"),
            where="--dbms",
            remedy=Bilingual(ja=f"次から選んでください: {names}", en=f"choose one of {names}"),
        )
    return known


def _draw(ctx: typer.Context, console: Console, found: list[Extraction]) -> None:
    position = 0 if settings(ctx).language == "ja" else 1
    if not found:
        console.print(
            text(
                ctx,
                ja="取り出された値は見つかりませんでした。何も漏れていないという意味ではありません。",
                en="no extracted value was found, which does not mean that nothing leaked",
            )
        )
        return
    for one in found:
        place = f"{one.host or ''}{one.path}"
        technique = TECHNIQUES.get(one.technique, (one.technique, one.technique))[position]
        console.print(
            f"[bold]{_plain(place)}[/bold]  {_plain(one.parameter)}  {technique} / {one.oracle}  {one.dbms or '?'}"
        )
        table = Table(box=None, padding=(0, 2, 0, 2))
        table.add_column(text(ctx, ja="表", en="table"), overflow="fold")
        table.add_column(text(ctx, ja="列", en="column"), overflow="fold")
        table.add_column(text(ctx, ja="行", en="row"), justify="right")
        table.add_column(text(ctx, ja="値", en="value"), overflow="fold")
        table.add_column(text(ctx, ja="確定", en="complete"))
        table.add_column(text(ctx, ja="ログの行", en="log lines"), justify="right")
        for value in one.values[:SHOWN]:
            table.add_row(
                _plain(value.table or ""), _plain(value.column or value.query),
                "" if value.row is None else str(value.row),
                _value(ctx, value), text(ctx, ja="済", en="yes") if value.complete else "", _lines(value),
            )  # fmt: skip
        console.print(table)
        if len(one.values) > SHOWN:
            more = len(one.values) - SHOWN
            console.print(
                text(ctx, ja=f"    ほか {more} 件（--json ですべて）", en=f"    and {more} more (--json has all)")
            )
    console.print(
        text(
            ctx,
            ja=f"{UNDECIDED} はログから確定できない文字です。「応答に含まれる」値は、このログには残っていません。",
            en=f"{UNDECIDED} stands for a character that the log does not decide; answers are not in this log.",
        )
    )


def _value(ctx: typer.Context, value: DecodedValue) -> str:
    if value.value is None:
        return text(ctx, ja="（応答に含まれる）", en="(in the answer)")
    return _plain(value.value)


def _plain(words: str) -> str:
    return words.replace("[", r"\[")


def _lines(value: DecodedValue) -> str:
    if not value.lines:
        return ""
    first, last = value.lines[0], value.lines[-1]
    return f"{first}" if first == last else f"{first}–{last} ({len(value.lines):,})"
