"""The command line: ``kakuho``. A command parses its options, calls one room and prints what came back.

In: arguments. Out: a result on stdout, progress and errors on stderr, an exit code (0 done, 1 an error to mend,
2 wrong usage, 3 integrity lost, 70 a fault of the program). Decides nothing about a case itself.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kakuho.cli import assess, case, custody, detect, evidence, explain, injection, investigate, report
from kakuho.cli.output import print_error
from kakuho.cli.settings import Settings, language_of_environment
from kakuho.errors import KakuhoError, UsageError
from kakuho.language import Bilingual, Language

FAULT_EXIT_CODE = 70
INTERRUPTED_EXIT_CODE = 130

app = typer.Typer(
    name="kakuho",
    help="誰の、どの情報が、どれほど確かに漏れたか。 / Whose data got out, which items, and how sure.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def root(
    ctx: typer.Context,
    case_directory: Annotated[
        Path | None,
        typer.Option(
            "--case",
            metavar="DIR",
            help="事案のフォルダー（既定: 現在のフォルダーか、その上で最も近いもの）。 / The case's folder.",
        ),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="ja|en", help="表示の言語。 / Language of the output.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="NAME", help="台帳に記す実行者（既定: OS の利用者名）。 / Who acts, for the journal."
        ),
    ] = None,
) -> None:
    """Take in the global options."""
    language: Language = language_of_environment()
    if lang is not None:
        if lang not in ("ja", "en"):
            raise UsageError(Bilingual(ja="--lang は ja か en です。", en="--lang is ja or en"), where=f"--lang {lang}")
        language = "ja" if lang == "ja" else "en"
    chosen: Settings = ctx.obj
    chosen.case_directory, chosen.language, chosen.by = case_directory, language, by


for room in (case, evidence, detect, investigate, assess, explain, injection, report, custody):
    room.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told in words, never as a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = Settings(language=language_of_environment(), json="--json" in given)
    try:
        result = app(args=given, prog_name="kakuho", standalone_mode=False, obj=chosen)
    except KakuhoError as error:
        return _told(error, chosen)
    except typer.TyperException as error:
        message = error.format_message()
        return _told(_wrong_usage(message), chosen) if message else error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED_EXIT_CODE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("KAKUHO_DEBUG") == "1":
            traceback.print_exc()
        return _told(_fault(error), chosen)
    return result if isinstance(result, int) else 0


def _told(error: KakuhoError, chosen: Settings) -> int:
    print_error(error, language=chosen.language, as_json=chosen.json)
    return error.exit_code


def _wrong_usage(message: str) -> UsageError:
    return UsageError(
        Bilingual(ja=f"指定が正しくありません: {message}", en=message),
        remedy=Bilingual(ja="kakuho --help で使い方を確かめてください。", en="see kakuho --help"),
    )


class _FaultError(KakuhoError):
    """A fault of the program itself."""

    exit_code = FAULT_EXIT_CODE


def _fault(error: Exception) -> KakuhoError:
    """A fault told by its kind and place in the program only: its message could hold a personal value."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__
    return _FaultError(
        Bilingual(ja=f"プログラムの不具合で止まりました（{kind}）。", en=f"a fault of the program stopped it ({kind})"),
        where=place,
        remedy=Bilingual(
            ja="詳細は KAKUHO_DEBUG=1 を付けて実行すると表示されます（個人の情報を含むことがあります）。",
            en="KAKUHO_DEBUG=1 shows the details, which may hold personal values; report it without them",
        ),
    )
