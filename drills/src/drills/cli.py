"""`kakuho-drill`: the command that `make drill` calls.

Ends with 0 when nobody was missed and nothing was confirmed wrongly, with 1 when somebody was or the drill failed, and
with 2 when it was asked for something that does not exist.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from drills import display
from drills.clock import ClockError
from drills.handover import UnknownSourceError, parse_left_out
from drills.laboratory.command import decode_lab
from drills.life import FILE_NAME
from drills.loopback import NotLoopbackError
from drills.processes import ProgramError
from drills.run import Drill, Outcome, Told, again, run
from drills.scenarios.catalogue import SCENARIOS
from drills.traffic.browser import UnexpectedAnswerError
from drills.truth.dumps import UnreadableDumpError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Evidence = Annotated[str, typer.Option(help="渡さない証拠 / sources to leave out: -ledger,-dblog,-access")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="結果をJSONで書く先 / write the outcome here")]
app.command("decode-lab")(decode_lab)
_LOG_FORMATS = ("jsonlog", "csvlog")


@app.callback()
def drills() -> None:
    """侵害対応の演習 / breach drills: a real intrusion on loopback, answered by kakuho and scored against the truth."""


@app.command("list")
def list_scenarios() -> None:
    """シナリオの一覧 / the scenarios there are."""
    for scenario in SCENARIOS.values():
        typer.echo(f"{scenario.name:12} {scenario.summary}")


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Option(help="シナリオ / scenario; see `kakuho-drill list`")] = "credentials",
    scale: Annotated[float, typer.Option(help="人口の縮尺 / share of the real case's population")] = 0.01,
    seed: Annotated[int, typer.Option(help="乱数の種 / the drill's seed")] = 1,
    evidence: Annotated[str, typer.Option(help="渡さない証拠 / sources to leave out: -ledger,-dblog,-access")] = "",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="結果をJSONで書く先 / write the outcome here")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="作業フォルダを残す先 / keep the working folder here (empty or new)")
    ] = None,
    log_format: Annotated[str, typer.Option(help="PostgreSQLのログ形式 / jsonlog or csvlog")] = "jsonlog",
) -> None:
    """侵入を一度演じ、証拠だけから kakuho が導いた答えを採点する / one intrusion, answered and scored."""
    drill = _asked_for(scenario, scale, seed, evidence, keep, log_format)
    _carry_out(lambda told: run(drill, told), json_file, keep)


@app.command("again")
def again_command(
    folder: Annotated[Path, typer.Argument(help="`run --keep` で残したフォルダ / a folder that `run --keep` left")],
    evidence: Evidence = "",
    json_file: JsonFile = None,
) -> None:
    """残した演習の証拠をもう一度 kakuho に渡して採点する / hand a kept drill's evidence to kakuho once more."""
    if not (folder / FILE_NAME).is_file():
        raise typer.BadParameter(
            f"{folder}: `run --keep` の残したフォルダではない / not a folder that `run --keep` left"
        )
    left_out = _left_out(evidence)
    _carry_out(lambda told: again(folder.resolve(), left_out, told), json_file, folder)


def _carry_out(work: Callable[[Told], Outcome], json_file: Path | None, kept: Path | None) -> None:
    console = display.console()
    try:
        with display.progress(console) as shown:
            task = shown.add_task("", total=1.0)
            outcome = work(lambda text, share: shown.update(task, description=text, completed=share))
    except (ProgramError, ClockError, UnexpectedAnswerError, UnreadableDumpError, NotLoopbackError) as error:
        Console(stderr=True).print(f"演習は中止された / the drill failed: {error}", style="bold red", markup=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        Console(stderr=True).print("中断された。すべて停止した / interrupted; everything was stopped")
        raise typer.Exit(130) from None
    _show(console, outcome, kept)
    if json_file is not None:
        json_file.write_text(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(0 if outcome.score.passed else 1)


def _asked_for(scenario: str, scale: float, seed: int, evidence: str, keep: Path | None, log_format: str) -> Drill:
    """Check every wish before anything is started."""
    if scenario not in SCENARIOS:
        raise typer.BadParameter(
            f"{scenario!r}: そのようなシナリオはない / no such scenario; there are {', '.join(SCENARIOS)}"
        )
    if not 0.0005 <= scale <= 1:
        raise typer.BadParameter(f"--scale {scale}: 0.0005 から 1 まで / between 0.0005 and 1")
    if seed < 0:
        raise typer.BadParameter(f"--seed {seed}: 0 以上 / 0 or greater")
    if log_format not in _LOG_FORMATS:
        raise typer.BadParameter(f"--log-format {log_format!r}: {' または / or '.join(_LOG_FORMATS)}")
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise typer.BadParameter(f"--keep {keep}: 空のフォルダか新しい名前を / must be an empty or a new folder")
    return Drill(SCENARIOS[scenario], scale, seed, _left_out(evidence), log_format, keep)


def _left_out(evidence: str) -> tuple[str, ...]:
    try:
        return parse_left_out(evidence)
    except UnknownSourceError as error:
        raise typer.BadParameter(f"--evidence: {error}") from error


def _show(console: Console, outcome: Outcome, kept: Path | None) -> None:
    lived, answer = outcome.lived, outcome.answer
    console.print(display.notice_table(answer.facts))
    console.print(display.bank_account_line(answer.facts))
    console.print()
    console.print(display.handed_line(outcome.handed.left_out))
    console.print(display.known_lines(outcome.handed.known_paths, outcome.known, outcome.owners))
    console.print(display.window_lines(lived.window, answer.window))
    if lived.wiped is not None:
        console.print(display.hole_lines(lived.wiped, outcome.holes, outcome.handed.left_out))
    console.print(display.score_table(outcome.score))
    console.print(display.stage_table(answer.stages))
    if kept is not None:
        console.print(f"作業フォルダ / working folder: {kept}")


def main() -> None:
    """The entry point named in pyproject.toml."""
    app()
