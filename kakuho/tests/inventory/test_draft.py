"""``kakuho inventory draft``: the file that it writes holds, says why, and holds no value of the database."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kakuho.cli import main
from kakuho.inventory import load_file

NAMES = ("佐藤 花子", "鈴木 一郎", "高橋 健", "田中 実", "伊藤 京子", "権田原 守")
TABLES = """
CREATE TABLE kokyaku (kokyaku_id INTEGER PRIMARY KEY, shimei TEXT NOT NULL, seinengappi TEXT,
    denwa TEXT, toroku_nichiji TEXT, biko TEXT);
CREATE TABLE keiyaku (id INTEGER PRIMARY KEY, kokyaku_id INTEGER NOT NULL REFERENCES kokyaku,
    shoken_bango TEXT NOT NULL UNIQUE, updated_at DATETIME);
CREATE TABLE access (ip_address TEXT, message TEXT);
CREATE TABLE shohin (id INTEGER PRIMARY KEY, name TEXT);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "hoken.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(TABLES)
        for number, name in enumerate(NAMES):
            row = (
                number,
                name,
                f"19{50 + number * 7}-03-0{number + 1}",
                f"090-1111-222{number}",
                "2026-01-01",
                "内密の相談。",
            )
            connection.execute("INSERT INTO kokyaku VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO keiyaku VALUES (?, ?, ?, ?)", (number, number, f"PT-000{number}", None))
    connection.close()
    return path


def test_a_draft_holds_and_says_whose_rows_they_are(database: Path, tmp_path: Path) -> None:
    output = tmp_path / "inventory.yaml"
    assert main(["inventory", "draft", str(database), "-o", str(output)]) == 0
    inventory = load_file(output).inventory
    assert inventory.collection("kokyaku").record_of == "customer"
    assert inventory.collection("kokyaku").items() == {
        "name": ("shimei",), "birth_date": ("seinengappi",), "phone": ("denwa",), "notes": ("biko",),
    }  # fmt: skip
    keiyaku = inventory.collection("keiyaku")
    assert [(link.field, link.collection) for link in keiyaku.subject] == [("kokyaku_id", "kokyaku")]
    assert (keiyaku.key, keiyaku.changed_at, keiyaku.unique) == ("id", "updated_at", ("shoken_bango",))
    assert inventory.collection("access").review
    assert not inventory.collection("shohin").personal
    assert (tmp_path / "inventory.schema.json").exists()


def test_each_line_says_how_sure_and_why_and_no_value_is_in_it(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "inventory", "draft", str(database)]) == 0
    written = capsys.readouterr().out
    assert written.startswith("# yaml-language-server: $schema=./inventory.schema.json\n")
    assert "# 0.99: name matches telephone number; 100% of samples are phone numbers" in written
    for value in (*NAMES, "090-1111", "1950-03", "PT-0001", "内密"):
        assert value not in written


def test_a_corrected_inventory_is_never_overwritten(database: Path, tmp_path: Path) -> None:
    output = tmp_path / "inventory.yaml"
    output.write_text("mine", encoding="utf-8")
    assert main(["inventory", "draft", str(database), "-o", str(output)]) == 2
    assert output.read_text(encoding="utf-8") == "mine"


def test_a_draft_alone_does_not_pass_the_check(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "inventory.yaml"
    assert main(["inventory", "draft", str(database), "-o", str(output), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert "kokyaku.biko" in summary["review_fields"]
    assert main(["inventory", "check", str(output), "--against", str(database), "--json"]) == 1
    assert {one["kind"] for one in json.loads(capsys.readouterr().out)["findings"]} == {"review"}
