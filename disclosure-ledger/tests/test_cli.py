"""The command: exit codes, both languages, and errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from disclosure_ledger import Event, Ledger
from disclosure_ledger.cli import app

Record = Callable[..., Event]


def run(*arguments: str | Path, lang: str = "ja_JP.UTF-8") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"LC_ALL": "", "LANG": lang})


@pytest.fixture
def ledger(directory: Path, record: Record) -> Path:
    with Ledger.open(directory, system="petinsurance") as ledger:
        for key in (12, 13, 12):
            record(ledger, key)
    return directory


def break_line(directory: Path, number: int) -> str:
    [segment] = [path for path in directory.iterdir() if path.name != "checkpoints.jsonl"]
    lines = segment.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace("account:17", "account:18")
    segment.write_text("".join(lines), encoding="utf-8")
    return segment.name


def test_a_whole_ledger_exits_0(ledger: Path) -> None:
    japanese, english = run("verify", ledger), run("verify", ledger, lang="en_US.UTF-8")
    assert (japanese.exit_code, japanese.stdout) == (
        0,
        "連鎖は完全です。セグメント 1、証明されたイベント 3 件。\n",
    )
    assert english.stdout == "The chain is whole. Segments: 1; events proven: 3.\n"


def test_a_broken_ledger_exits_1_and_names_the_line(ledger: Path) -> None:
    name = break_line(ledger, 3)
    result = run("verify", ledger, "--lang", "en")
    assert (result.exit_code, result.stdout) == (
        1,
        f"{name}:3: The line does not match its hash: it was edited, or the key is another one.\n"
        "The chain is broken (problems: 1). Segments: 1; events proven: 1.\n",
    )
    assert "行の内容がハッシュと一致しません" in run("verify", ledger).stdout


def test_verify_as_json(ledger: Path) -> None:
    name = break_line(ledger, 3)
    result = json.loads(run("verify", ledger, "--json").stdout)
    assert (result["ok"], result["events"]) == (False, 1)
    [problem] = result["problems"]
    assert (problem["file"], problem["line"], problem["reason"]) == (name, 3, "hash")
    [segment] = result["segments"]
    assert (segment["system"], segment["events"], segment["closed"], segment["ok"]) == ("petinsurance", 1, True, False)


def test_what_was_not_witnessed_is_said(directory: Path, record: Record) -> None:
    open_ledger = Ledger.open(directory, system="petinsurance")
    record(open_ledger)
    assert "うち 1 件は最後のチェックポイントより後で" in run("verify", directory).stdout
    open_ledger.close()


def test_show_prints_who_was_shown_what(ledger: Path) -> None:
    lines = run("show", ledger, "--subject", "policyholder:13").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].split("  ")[1:] == [
        "policyholder account:17",
        "192.0.2.7",
        "GET /mypage/profile/",
        "200",
        "self_service",
        "policyholder:13: name, phone, bank_account（マスク）",
    ]


def test_show_as_json_prints_an_event_a_line(ledger: Path) -> None:
    result = run("show", ledger, "--json", "--subject", "policyholder:12")
    assert [json.loads(line)["seq"] for line in result.stdout.splitlines()] == [1, 3]


def test_show_prints_what_is_proven_then_the_problem_and_exits_1(ledger: Path) -> None:
    name = break_line(ledger, 3)
    result = run("show", ledger)
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 1)
    assert result.stderr.startswith(f"{name}:3: ")


def test_a_keyed_ledger_needs_its_key_file(directory: Path, record: Record, tmp_path: Path) -> None:
    with Ledger.open(directory, system="petinsurance", key=bytes(32)) as ledger:
        record(ledger)
    key_file = tmp_path / "key"
    key_file.write_text("00" * 32 + "\n", encoding="ascii")
    assert run("verify", directory, "--key-file", key_file).exit_code == 0
    key_file.write_text("11" * 32, encoding="ascii")
    assert run("verify", directory, "--key-file", key_file).exit_code == 1
    without = run("verify", directory)
    assert (without.exit_code, "--key-file で鍵を指定してください" in without.stderr) == (2, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "鍵のファイル"), ("鍵", "16 進数で書いてください"), ("0011", "鍵が短すぎます（2 バイト）")],
)
def test_an_unusable_key_file(ledger: Path, tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content, encoding="utf-8")
    result = run("verify", ledger, "--key-file", tmp_path / "key")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_path_that_is_no_ledger_exits_2(tmp_path: Path) -> None:
    missing, empty = run("verify", tmp_path / "missing", lang="C"), run("show", tmp_path)
    assert (missing.exit_code, missing.stderr) == (
        2,
        f"There is no directory {tmp_path / 'missing'}. Name the directory that holds the ledger (*.jsonl).\n",
    )
    assert (empty.exit_code, "に台帳（*.jsonl）がありません" in empty.stderr) == (2, True)


def test_a_directory_of_something_else_exits_1(tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_bytes(b"\x00\x01\x02")
    result = run("verify", tmp_path, lang="en")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        "other.jsonl:1: This is not a line of a ledger (not a JSON object in UTF-8).",
    )


def test_without_a_locale_the_messages_are_japanese(ledger: Path) -> None:
    assert run("verify", ledger, lang="").stdout.startswith("連鎖は完全です。")
