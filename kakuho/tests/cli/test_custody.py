"""Custody on the command line: from a key to a case that the police verify, in words and with exit codes."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from kakuho.cli import main

LINE = '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA" 1234\n'


@pytest.fixture(autouse=True)
def verifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """A case with evidence in ``jian``, a signer key in ``custody.key``; returns the verifier key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    (tmp_path / "access.log").write_text(LINE)
    assert main(["case", "new", "jian"]) == 0
    assert main(["--case", "jian", "evidence", "add", "access.log"]) == 0
    capsys.readouterr()
    assert main(["custody", "keygen", "custody.key", "--name", "csirt.example"]) == 0
    printed = capsys.readouterr()
    assert stat.S_IMODE(Path("custody.key").stat().st_mode) == 0o600
    assert "PRIVATE" not in printed.out + printed.err
    return printed.out.strip()


def _json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def _case(*arguments: str) -> int:
    return main(["--case", "jian", *arguments])


def test_a_case_is_signed_exported_and_verified_by_someone_else(
    tmp_path: Path, verifier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _case("custody", "checkpoint", "--key", "custody.key", "--json") == 0
    assert (_json(capsys)["number"], (tmp_path / "jian/checkpoints/001.note").exists()) == (1, True)
    assert _case("case", "export", "jian.zip", "--key", "custody.key", "--json") == 0
    assert _json(capsys)["verifier"] == verifier
    Path("csirt.vkey").write_text(verifier + "\n")
    assert main(["case", "import", "jian.zip", "received", "--verifier", "csirt.vkey", "--json"]) == 0
    assert _json(capsys)["authenticated"] is True
    assert main(["--case", "received", "custody", "verify", "--verifier", verifier, "--json"]) == 0
    found = _json(capsys)
    assert found["journal_entries"] == found["signed_entries"] + 1  # that it was imported is the receiver's line
    assert _case("custody", "verify", "--verifier", verifier, "--kept", "received/checkpoints/001.note") == 0


@pytest.mark.parametrize("group", ["case", "custody"])
def test_the_first_bad_file_is_named_in_both_languages(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    _case("custody", "checkpoint", "--key", "custody.key")
    settings = Path("jian/case.toml")
    settings.write_text(settings.read_text(encoding="utf-8").replace("【要記入】", "確報", 1), encoding="utf-8")
    capsys.readouterr()
    assert _case(group, "verify") == 3
    assert "場所: case.toml" in capsys.readouterr().err
    assert main(["--lang", "en", "--case", "jian", group, "verify", "--json"]) == 3
    error = _json(capsys)["error"]
    assert (error["where"], error["exit_code"]) == ("case.toml", 3)
    assert "kakuho custody checkpoint" in error["what_to_do"]


def test_one_line_is_proven_to_someone_without_the_case(verifier: str, capsys: pytest.CaptureFixture[str]) -> None:
    _case("custody", "checkpoint", "--key", "custody.key")
    assert _case("custody", "prove", "2", "-o", "line.tlog-proof") == 0
    capsys.readouterr()
    assert main(["custody", "check-proof", "line.tlog-proof", "--verifier", verifier, "--json"]) == 0
    assert _json(capsys)["entry"]["act"] == "evidence.sealed"
    proof = Path("line.tlog-proof")
    proof.write_text(proof.read_text(encoding="utf-8").replace("index 1", "index 0"), encoding="utf-8")
    assert main(["custody", "check-proof", "line.tlog-proof", "--verifier", verifier]) == 3
    assert _case("custody", "prove", "9", "-o", "other") == 2
    assert _case("custody", "prove", "2", "-o", "line.tlog-proof") == 2  # never overwrites


def test_two_checkpoints_are_proven_to_be_of_one_journal(verifier: str, capsys: pytest.CaptureFixture[str]) -> None:
    _case("custody", "checkpoint", "--key", "custody.key")
    _case("case", "export", "jian.zip", "--key", "custody.key")
    _case("custody", "checkpoint", "--key", "custody.key")
    assert _case("custody", "prove-extension", "1", "2", "-o", "proof.json") == 0
    capsys.readouterr()
    assert main(["custody", "check-proof", "proof.json", "--verifier", verifier, "--json"]) == 0
    assert _json(capsys)["proven"] == "extension"
    assert _case("custody", "prove-extension", "2", "1", "-o", "other.json") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["custody", "keygen", "custody.key", "--name", "csirt.example"],
        ["custody", "keygen", "jian/inside.key", "--name", "csirt.example"],
        ["custody", "keygen", "other.key", "--name", "two words"],
        ["custody", "keygen", "nowhere/other.key", "--name", "csirt.example"],
        ["--case", "jian", "custody", "checkpoint", "--key", "access.log"],
        ["--case", "jian", "custody", "checkpoint", "--key", "nowhere"],
        ["--case", "jian", "custody", "checkpoint", "--key", "jian/case.toml"],
        ["--case", "jian", "custody", "verify", "--verifier", "csirt.example"],
        ["--case", "jian", "custody", "verify", "--verifier", "a+00000000+AAAA"],
        ["--case", "jian", "custody", "verify", "--tsa-certificate", "access.log"],
        ["--case", "jian", "custody", "verify", "--kept", "access.log"],
        ["--case", "jian", "custody", "timestamp", "request", "-o", "request.tsq"],
        ["custody", "check-proof", "access.log"],
        ["case", "import", "nowhere.zip", "received"],
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    assert main(arguments) == 2
    assert "対処: " in capsys.readouterr().err
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before


def test_a_signer_key_that_others_can_read_is_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    Path("custody.key").chmod(0o644)
    assert _case("custody", "checkpoint", "--key", "custody.key") == 2
    assert "chmod 600" in capsys.readouterr().err
