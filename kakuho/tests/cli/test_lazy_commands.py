"""A command is imported when it runs: whoever asks for help does not wait for engines that help does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup

from kakuho.cli.commands import COMMANDS
from kakuho.cli.lazy import LazyCommand

ENGINES = {"numpy", "pyarrow", "pandas", "duckdb", "ibis", "sqlglot", "psycopg", "typst", "cryptography", "django"}
LOG = '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA"\n'
_PROGRAM = """
import json, sys
from kakuho.cli import main
code = main(sys.argv[1:])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
sys.exit(code)
"""


def _all(given: TyperGroup | LazyCommand, path: str) -> Iterator[tuple[str, LazyCommand]]:
    if isinstance(given, LazyCommand):
        yield path, given
        return
    for name, command in given.commands.items():
        assert isinstance(command, TyperGroup | LazyCommand)
        yield from _all(command, f"{path} {name}")


EVERY = [found for command in COMMANDS for found in _all(command, str(command.name))]


def _loaded_by(*arguments: str) -> tuple[str, set[str]]:
    """What a call prints, and the packages that it imported."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[path for path, _ in EVERY])
def test_a_group_lists_what_the_command_says_of_itself(path: str, command: LazyCommand) -> None:
    assert command.loaded().help == command.help, path
    assert command.loaded().name == path.rpartition(" ")[2]


@pytest.mark.parametrize("arguments", [["--help"], ["evidence", "--help"], ["custody", "timestamp"]])
def test_help_loads_no_engine(arguments: list[str]) -> None:
    shown, loaded = _loaded_by(*arguments, "--help")
    assert "Usage: kakuho" in shown
    assert loaded & ENGINES == set()


def test_help_of_a_command_is_its_own() -> None:
    shown, _ = _loaded_by("evidence", "add", "--help")
    assert "Usage: kakuho evidence add [OPTIONS]" in shown
    assert "--clock-offset" in shown


def test_to_tell_what_a_file_is_takes_no_database(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(LOG * 3, encoding="utf-8")
    shown, loaded = _loaded_by("evidence", "identify", str(log), "--json")
    assert json.loads(shown)[0]["format"] == "access_log"
    assert loaded & {"pandas", "duckdb", "ibis", "sqlglot", "psycopg", "typst", "cryptography"} == set()


def test_to_take_evidence_in_and_show_it_takes_neither_ibis_nor_pandas(tmp_path: Path) -> None:
    log, case = tmp_path / "access.log", str(tmp_path / "case")
    log.write_text(LOG * 3, encoding="utf-8")
    _loaded_by("case", "new", case)
    for arguments in (["add", str(log)], ["show", "--json"]):
        shown, loaded = _loaded_by("--case", case, "evidence", *arguments)
        assert "access.log" in shown
        assert loaded & {"pandas", "ibis", "sqlglot", "psycopg", "typst", "cryptography"} == set()
