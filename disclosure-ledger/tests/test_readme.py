"""The README's example runs, its outputs are the real ones, and it names every command and option."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from disclosure_ledger.cli import app

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def test_the_example_runs_and_the_command_prints_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("python")[0], "README.md", "exec"), {})
    [console] = blocks("console")
    verify_command, shown, show_command = console.splitlines()
    for command, expected in ((verify_command, shown), (show_command, '"policyholder:12"')):
        result = CliRunner().invoke(app, shlex.split(command.removeprefix("$ disclosure-ledger ")))
        assert result.exit_code == 0
        assert expected in result.stdout


def test_every_command_and_option_is_documented() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert sorted(commands) == ["show", "verify"]
    for name, command in commands.items():
        assert f"disclosure-ledger {name}" in README
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert option == "--help" or f"`{option}" in README
