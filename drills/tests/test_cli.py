"""Wrong wishes end with 2 and a word of what there is, before anything is started."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from drills.cli import app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "earthquake"], "credentials, injection, injection-blind"),
        (["--scale", "0"], "--scale"),
        (["--scale", "2"], "--scale"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "one"], "--seed"),
        (["--evidence", "-everything"], "-dblog"),
        (["--log-format", "stderr"], "csvlog"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_a_wrong_argument_ends_with_2(arguments: list[str], said: str) -> None:
    answer = CliRunner().invoke(app, ["run", *arguments])
    assert answer.exit_code == 2
    assert said in answer.output


def test_a_folder_with_something_in_it_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("")
    answer = CliRunner().invoke(app, ["run", "--keep", str(tmp_path)])
    assert answer.exit_code == 2
    assert (tmp_path / "precious").exists()


def test_the_scenarios_are_listed() -> None:
    answer = CliRunner().invoke(app, ["list"])
    assert answer.exit_code == 0
    assert [line.split()[0] for line in answer.output.splitlines()] == [
        "credentials",
        "injection",
        "injection-blind",
        "injection-time",
        "enumeration",
        "export-download",
        "wiped-host",
        "stolen-database-credentials",
        "stolen-backup",
    ]
