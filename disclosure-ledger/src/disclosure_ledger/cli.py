"""The command ``disclosure-ledger``: is a ledger whole, and what does it say of whom?

Exit codes: 0 whole, 1 not whole, 2 not readable as asked (no such directory, no key).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from disclosure_ledger.chain import key_from_hex
from disclosure_ledger.errors import LedgerError, LedgerKeyError
from disclosure_ledger.language import Language, language_of
from disclosure_ledger.presentation import event_line, problem_lines, verification_lines, verification_record
from disclosure_ledger.verification import proven_events, verify

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="開示台帳を読む / Read a disclosure ledger",
)

Directory = Annotated[Path, typer.Argument(help="台帳のディレクトリ / the ledger's directory", show_default=False)]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="16 進数の鍵のファイル / file with the key in hexadecimal")
]
Json = Annotated[bool, typer.Option("--json", help="JSON で出力 / print JSON")]
Lang = Annotated[Language | None, typer.Option("--lang", help="ja または en（既定は LANG）/ ja or en (by LANG)")]
Subject = Annotated[
    str | None, typer.Option("--subject", help="この対象だけ / only this subject: policyholder:12", show_default=False)
]


@app.command("verify")
def verify_command(directory: Directory, key_file: KeyFile = None, as_json: Json = False, lang: Lang = None) -> None:
    """ハッシュ連鎖とチェックポイントを検証する / Check the hash chains and checkpoints"""
    language = lang or language_of(os.environ)
    try:
        verification = verify(directory, _key(key_file))
    except LedgerError as error:
        raise _stop(error, language) from None
    if as_json:
        typer.echo(json.dumps(verification_record(verification, language), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(verification_lines(verification, language)))
    raise typer.Exit(0 if verification.ok else 1)


@app.command("show")
def show_command(
    directory: Directory,
    subject: Subject = None,
    key_file: KeyFile = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """証明されたイベントを表示する / Print the events that the chain proves"""
    language = lang or language_of(os.environ)
    try:
        key = _key(key_file)
        for event in proven_events(directory, key):
            if subject is None or any(disclosure.subject == subject for disclosure in event.disclosures):
                typer.echo(event_line(event, subject, as_json=as_json, language=language))
        problems = verify(directory, key).problems
    except LedgerError as error:
        raise _stop(error, language) from None
    for line in problem_lines(problems, language):
        typer.echo(line, err=True)
    raise typer.Exit(1 if problems else 0)


def _key(key_file: Path | None) -> bytes | None:
    if key_file is None:
        return None
    try:
        return key_from_hex(key_file.read_text(encoding="ascii", errors="replace"))
    except OSError as error:
        raise LedgerKeyError(
            ja=f"鍵のファイル {key_file} を読めません（{error.strerror}）。",
            en=f"The key file {key_file} cannot be read ({error.strerror}).",
        ) from None


def _stop(error: LedgerError, language: Language) -> typer.Exit:
    typer.echo(error.text(language), err=True)
    return typer.Exit(2)


def main() -> None:
    """Entry point of the program."""
    app()
