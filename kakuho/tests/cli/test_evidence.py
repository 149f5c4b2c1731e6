"""``kakuho evidence``: a night's mixed files told apart, sealed, declared, and read line by line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from kakuho.cli import main

LINE = '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET /find?q=%E5%B1%B1 HTTP/1.1" 200 512 "-" "UA" 1234\n'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")


def _json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A folder as it comes at night."""
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "access.log").write_text(LINE * 3)
    (folder / "access.log.1.gz").write_bytes(gzip.compress((LINE * 5).replace("/find", "/older").encode()))
    (folder / "memo.txt").write_text("引き継ぎメモ\n")
    return folder


def test_identify_says_what_each_file_is_and_why_without_a_case(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "identify", str(night), "--json"]) == 0
    found = {one["path"]: one for one in _json(capsys)}
    assert {path: one["format"] for path, one in found.items()} == {
        "access.log": "access_log",
        "access.log.1": "access_log",
        "memo.txt": "unknown",
    }
    assert found["access.log.1"]["layers"] == ["gzip"]
    assert found["access.log"]["confidence"] == 1.0
    assert found["access.log"]["why"]["ja"] and found["memo.txt"]["why"]["ja"] == "どの形式の行にも当てはまらない"
    assert main(["evidence", "identify", str(night)]) == 0
    shown = capsys.readouterr().out
    assert "アクセスログ" in shown and "100%" in shown and "memo.txt" in shown


def test_rotated_files_are_one_series_and_show_lists_an_object_a_source(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", "new", "jian"])
    assert main(["--case", "jian", "evidence", "add", str(night)]) == 0
    said = capsys.readouterr()
    assert "memo.txt: 封印しましたが、形式が分かりません" in said.err
    assert main(["--case", "jian", "evidence", "show", "--json"]) == 0
    listed = {one["path"]: one for one in _json(capsys)}
    assert listed["access.log"]["series"] == listed["access.log.1"]["series"] == "access.log"
    needed = {"path", "format", "sha256", "lines", "events", "rejected", "ignored", "first", "last", "gaps", "clock"}
    assert all(needed <= set(one) for one in listed.values())
    assert [listed[name]["events"] for name in ("access.log", "access.log.1", "memo.txt")] == [3, 5, 0]


def test_a_clock_that_was_ahead_is_declared_and_its_times_are_set_right(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", "new", "jian"])
    main(["--case", "jian", "evidence", "add", str(night)])
    assert main(["--case", "jian", "evidence", "declare", "access.log*", "--clock-offset", "+90s"]) == 0
    capsys.readouterr()
    assert main(["--case", "jian", "evidence", "show", "--json"]) == 0
    listed = {one["path"]: one for one in _json(capsys)}
    assert listed["access.log"]["first"] == "2025-03-18T23:58:31.000Z"
    assert listed["access.log"]["clock"]["declared_offset_seconds"] == 90
    assert '"act":"evidence.declared"' in Path("jian/journal.jsonl").read_text()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--time-zone", "Asia/Edo"], "時間帯 Asia/Edo はありません"),
        (["--encoding", "mojibake"], "文字コード mojibake はありません"),
        (["--clock-offset", "soon"], "時計のずれ soon を読めません"),
        ([], "何を申告するのか"),
        (["--format", "postgresql_csvlog"], "postgresql_csvlog として読める行が一つもありません"),
    ],
)
def test_what_cannot_be_declared_is_told(
    night: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    main(["case", "new", "jian"])
    main(["--case", "jian", "evidence", "add", str(night)])
    before = Path("jian/journal.jsonl").read_bytes()
    capsys.readouterr()
    assert main(["--case", "jian", "evidence", "declare", "access.log", *options]) == 2
    assert told in capsys.readouterr().err
    assert Path("jian/journal.jsonl").read_bytes() == before


def test_a_line_is_masked_unless_it_is_revealed_with_a_reason_that_the_journal_keeps(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", "new", "jian"])
    main(["--case", "jian", "evidence", "add", str(night)])
    capsys.readouterr()
    assert main(["--case", "jian", "evidence", "line", "access.log.1", "4"]) == 0
    shown = capsys.readouterr().out
    assert "access.log.1:4" in shown and "GET /older?q=•••" in shown and "%E5%B1%B1" not in shown
    assert main(["--case", "jian", "evidence", "line", "access.log", "2", "--reveal", " "]) == 2
    assert main(["--case", "jian", "evidence", "line", "access.log", "2", "--reveal", "検索語の確認"]) == 0
    assert "q=%E5%B1%B1" in capsys.readouterr().out
    (act,) = [line for line in Path("jian/journal.jsonl").read_text().splitlines() if "evidence.revealed" in line]
    assert json.loads(act)["details"]["reason"] == "検索語の確認"
    assert main(["--case", "jian", "evidence", "line", "access.log", "99"]) == 2
    assert "99 行目はありません" in capsys.readouterr().err
