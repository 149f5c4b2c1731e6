"""``kakuho report``: the same bytes each time, what is missing is seen, and errors say what to do."""

from __future__ import annotations

import hashlib
import json
import shutil

import pyarrow.compute as pc
import pytest

from kakuho.case import Case
from kakuho.cli import main
from kakuho.inventory import load_inventory


def report(case: Case, *arguments: str) -> int:
    return main(["--case", str(case.directory), "--lang", "ja", "report", *arguments])


def contents(case: Case) -> dict[str, bytes]:
    folder = case.publications
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


NAMES = [f"{name}.{language}.{suffix}" for name in ("faq", "notice-1", "regulator") for language in ("en", "ja")
         for suffix in ("html", "md", "pdf")]  # fmt: skip


def test_two_rounds_in_three_formats_and_two_languages_with_their_hashes(new_case, capsys):
    case = new_case()
    assert report(case, "--json") == 0
    told = json.loads(capsys.readouterr().out)["publications"]
    assert [entry["directory"] for entry in told] == ["publications/01", "publications/02"]
    assert sorted(told[0]["files"]) == NAMES
    manifest = json.loads((case.publications / "02/manifest.json").read_text(encoding="utf-8"))
    assert manifest["assessment"] == 1
    assert manifest["to_be_filled_in"] == {"ja": [], "en": []}
    assert manifest["facts"]["A001.total.records.affected"] == 5550
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((case.publications / "02" / name).read_bytes()).hexdigest() == digest


def test_deleted_publications_come_back_byte_for_byte(new_case):
    case = new_case()
    assert (report(case), report(case, "--person", "policyholder:7")) == (0, 0)
    before = contents(case)
    assert len(before) == 2 * 19 + 7
    shutil.rmtree(case.publications)
    assert (report(case), report(case, "--person", "quote:7")) == (0, 0)
    assert contents(case) == before


def test_the_journal_names_every_published_file_and_makes_up_for_an_entry_that_a_kill_cost(new_case):
    case = new_case()
    report(case)
    whole = case.journal.path.read_bytes()
    for entry in case.journal.entries("publication.written"):
        folder = case.directory / entry.details["directory"]
        named = {**entry.details["files"], "manifest.json": entry.details["manifest"]}
        assert named == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    case.journal.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    report(case)
    assert [entry.details["directory"] for entry in case.journal.entries("publication.written")] == [
        "publications/01",
        "publications/02",
    ]


def test_what_is_unchanged_is_not_journalled_again(new_case, capsys):
    case = new_case()
    report(case)
    report(case)
    assert [entry.details["directory"] for entry in case.journal.entries("publication.written")] == [
        "publications/01",
        "publications/02",
    ]
    assert "変更なし" in capsys.readouterr().out


def test_the_first_report_stays_as_it_was_and_the_second_says_what_changed(new_case, contract):
    case = new_case()
    report(case, "--round", "1")
    before = contents(case)
    inventory = load_inventory(case.inventory_path)
    window = {**contract.WINDOW, "first": "2025-03-20T01:00:00.000000Z"}
    contract.write_assessment(
        case,
        2,
        contract.verdict_rows(contract.POPULATION, {}),
        contract.person_rows(contract.POPULATION, inventory),
        window,
    )
    report(case)
    after = contents(case)
    assert {name: after[name] for name in before} == before
    text = after["02/notice-2.ja.md"].decode()
    assert (
        "不正アクセスの期間を訂正いたします。第1報：2025年3月19日から2025年4月21日まで"
        "　本報：2025年3月20日から2025年4月21日まで"
    ) in text
    assert "漏えいしたことを確認した" not in text
    assert "A002.total.records.affected" in text


def test_a_start_that_no_log_establishes_is_said(new_case, contract):
    case = new_case(window={**contract.WINDOW, "start_established": False})
    report(case, "--round", "2")
    text = (case.publications / "02/notice-2.ja.md").read_text(encoding="utf-8")
    assert "遅くとも2025年3月19日から2025年4月21日まで" in text
    assert "それ以前に始まっていた可能性を否定できません" in text


def test_placeholders_are_printed_and_listed(new_case, capsys):
    case = new_case(case_toml='name = "試験"\n', publication_toml="")
    report(case)
    shown = capsys.readouterr().out
    for label in ("会社名", "窓口電話番号", "公表日", "原因", "再発防止策", "事態を知った日"):
        assert f"  - {label}" in shown
    html = (case.publications / "02/notice-2.ja.html").read_text(encoding="utf-8")
    assert '<mark class="missing">【要記入：窓口電話番号】</mark>' in html
    english = (case.publications / "02/notice-2.en.md").read_text(encoding="utf-8")
    assert "<strong>\\[TO BE FILLED IN: desk telephone number\\]</strong>" in english
    regulator = (case.publications / "02/regulator.ja.md").read_text(encoding="utf-8")
    assert "### (4) 原因\n\n- 不明（調査中）" in regulator


def test_a_category_that_is_ruled_out_may_say_no_leak(new_case, contract):
    case = new_case()
    inventory = load_inventory(case.inventory_path)
    rows = contract.verdict_rows(contract.POPULATION, {})
    clinic = pc.equal(rows["category"], "clinic")
    place = rows.column_names.index("verdict")
    rows = rows.set_column(place, "verdict", pc.if_else(clinic, "ruled_out", rows["verdict"]))
    contract.write_assessment(case, 2, rows, contract.person_rows(contract.POPULATION, inventory), contract.WINDOW)
    report(case, "--round", "2")
    text = (case.publications / "02/notice-2.ja.md").read_text(encoding="utf-8")
    assert "| 0先[^A002.clinic.organisations.affected] | 漏えいなし |" in text


def test_a_case_without_an_assessment(tmp_path, contract, capsys):
    case = Case.create(tmp_path / "case", inventory=contract.INVENTORY)
    assert report(case) == 2
    told = capsys.readouterr().err
    assert "この事案には、まだ評価がありません。" in told
    assert "kakuho assess" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--assessment", "7"), "評価 007 はありません。"),
        (("--round", "3"), "--round は 1 か 2 です。"),
        (("--round", "1", "--person", "quote:7"), "--round と --person は同時に使えません。"),
        (("--person", "quote:99999"), "この評価に、その記録はありません。"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(new_case, capsys, arguments, told):
    case = new_case()
    assert report(case, *arguments) == 2
    assert told in capsys.readouterr().err
    assert contents(case) == {}


@pytest.mark.parametrize(
    ("declared", "told"),
    [("known_on = 'yesterday'", "known_on"), ("caus = {ja='', en=''}", "caus"), ("known_on = ", "TOML")],
)
def test_a_wrong_declaration_names_its_field(new_case, capsys, declared, told):
    case = new_case(publication_toml=declared)
    assert report(case) == 2
    assert told in capsys.readouterr().err


def test_a_case_that_declares_nothing_gets_a_file_to_fill_in(new_case, capsys):
    case = new_case()
    path = case.directory / "publication.toml"
    path.unlink()
    assert report(case) == 0
    assert "publication.toml" in capsys.readouterr().err
    filled = path.read_text(encoding="utf-8").replace("# known_on = 2026-01-31", "known_on = 2025-04-22")
    path.write_text(filled, encoding="utf-8")
    assert report(case) == 0
    assert "2025年6月20日" in (case.publications / "02/regulator.ja.md").read_text(encoding="utf-8")


def test_facts_that_cannot_be_read(new_case, capsys):
    case = new_case()
    (case.assessments / "001/facts.json").write_text('{"facts": ', encoding="utf-8")
    assert report(case) == 3
    assert "評価の数値表を読めません。" in capsys.readouterr().err


def test_without_organisations_none_are_mentioned_and_exact_numbers_need_no_note(new_case, contract):
    case = new_case()
    inventory = load_inventory(case.inventory_path)
    population = {"policyholder": (12, ("name", "address"), 3)}
    rows, people = contract.verdict_rows(population, {"policyholder": 5}), contract.person_rows(population, inventory)
    contract.write_assessment(case, 2, rows, people, contract.WINDOW)
    report(case, "--round", "2")
    text = (case.publications / "02/notice-2.ja.md").read_text(encoding="utf-8")
    assert "です。重複を除いた実人数は12人[^A002.total.persons.affected]です。" in text
    assert "total.organisations" not in text
    assert "端数を四捨五入" not in text
    assert "| 現時点で漏えいを示す記録は確認されておりません |" in text
