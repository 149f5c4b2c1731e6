"""The command line as a whole: what it prints where, in which language, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from kakuho import cli
from kakuho.cli import main
from kakuho.cli.settings import language_of_environment

LINE = '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA" 1234\n'


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KAKUHO_DEBUG", raising=False)
    for name, value in (("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "C.UTF-8"), ("COLUMNS", "120")):
        monkeypatch.setenv(name, value)


def _json(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_case_is_the_nearest_folder_above_or_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", "new", "jian", "--name", "事案"]) == 0
    capsys.readouterr()
    assert main(["--case", "jian", "case", "show", "--json"]) == 0
    assert _json(capsys)["name"] == "事案"
    monkeypatch.chdir(tmp_path / "jian" / "evidence")
    assert main(["case", "show", "--json"]) == 0
    assert _json(capsys)["case"] == str(tmp_path / "jian")


def test_an_error_is_told_on_stderr_and_with_json_on_stdout_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "show"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.split(":")[0] for line in printed.err.splitlines()] == ["エラー", "場所", "対処"]
    assert main(["--lang", "en", "case", "show", "--json"]) == 2
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert sorted(error) == ["exit_code", "what", "what_to_do", "where"]
    assert error["what"] == "there is no case here or in a folder above"
    assert "what to do: " in printed.err


@pytest.mark.parametrize("arguments", [["nothing"], ["case", "new"], ["--lang", "fr", "case", "show"], ["case", "--x"]])
def test_wrong_usage_is_told_with_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "エラー: " in capsys.readouterr().err


def test_a_fault_shows_neither_values_nor_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    application = typer.Typer()

    @application.command()
    def broken() -> None:
        raise ValueError("山田 花子 090-0000-0000")

    monkeypatch.setattr(cli, "app", application)
    assert main([]) == 70
    printed = capsys.readouterr()
    assert "山田" not in printed.out + printed.err and "Traceback" not in printed.err
    assert "ValueError" in printed.err and "test_main.py:" in printed.err
    monkeypatch.setenv("KAKUHO_DEBUG", "1")
    assert main([]) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({"LANG": ""}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_environments_and_japanese_when_in_doubt(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_of_environment() == language


def test_evidence_from_adding_to_showing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "access.log").write_text(LINE * 2 + "damaged\n")
    main(["case", "new", "jian"])
    capsys.readouterr()
    assert main(["--case", "jian", "--by", "tanaka", "evidence", "add", "access.log", "--json"]) == 0
    (added,) = _json(capsys)["added"]  # type: ignore[misc]
    counts = {key: added[key] for key in ("path", "format", "lines", "events", "rejected", "ignored", "first")}
    assert counts == {
        "path": "access.log",
        "format": "access_log",
        "lines": 3,
        "events": 2,
        "rejected": 1,
        "ignored": 0,
        "first": "2025-03-19T00:00:01.000Z",
    }
    assert main(["--case", "jian", "evidence", "show"]) == 0
    shown = capsys.readouterr().out
    assert "access.log" in shown and "2025-03-19 09:00:01" in shown and "読めない行がある" in shown
    assert main(["--case", "jian", "--lang", "en", "evidence", "rejects"]) == 0
    assert "not a line in the combined log format" in capsys.readouterr().out
    assert main(["--case", "jian", "evidence", "rejects", "--json"]) == 0
    (reject,) = _json(capsys)["rejects"]  # type: ignore[misc]
    assert (reject["line"], reject["byte_offset"]) == (3, len(LINE) * 2)
    assert '"who":"tanaka"' in (tmp_path / "jian" / "journal.jsonl").read_text()


def test_twice_added_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "access.log").write_text(LINE)
    main(["case", "new", "jian"])
    main(["--case", "jian", "evidence", "add", "access.log"])
    capsys.readouterr()
    assert main(["--case", "jian", "evidence", "add", "access.log"]) == 0
    assert "access.log: 既に封印済み" in capsys.readouterr().err


def test_a_case_that_was_tampered_with_fails_verification_with_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "access.log").write_text(LINE)
    main(["case", "new", "jian"])
    main(["--case", "jian", "evidence", "add", "access.log"])
    assert main(["--case", "jian", "case", "verify", "--json"]) == 0
    (sealed,) = (tmp_path / "jian" / "evidence").iterdir()
    sealed.chmod(0o644)
    sealed.write_text(LINE.replace("200", "404"))
    capsys.readouterr()
    assert main(["--case", "jian", "case", "verify"]) == 3
    assert sealed.name in capsys.readouterr().err
