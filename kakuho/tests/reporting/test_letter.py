"""One person's letter: the union of the person's items with the right words, and nobody else's anything."""

from __future__ import annotations

import re

import pypdf
import pytest

from kakuho.cli import main


def letter(case, person: str, language: str = "ja") -> str:
    assert main(["--case", str(case.directory), "report", "--person", person]) == 0
    folder = next((case.publications / "letters").iterdir())
    return (folder / f"letter.{language}.md").read_text(encoding="utf-8")


def test_each_verdict_has_its_words_and_its_items(new_case):
    """Record 7 of the policyholders is confirmed; the quote of the same person and the bank account are possible."""
    text = letter(new_case(), "policyholder:7")
    assert (
        "| 漏えいしたことを確認しました | 氏名・名称、住所、性別、生年月日、電話番号、メールアドレス、証券番号 |"
        in text
    )
    assert "| 漏えいした可能性を完全に否定できません | 金融機関口座情報 |" in text
    assert "当社がお預かりしているお客さまの情報の一部につきまして、漏えいしたことを確認しました。" in text
    assert "既契約者・被保険者（解約者を含む）、見積もり・資料請求をされた方" in text


def test_any_record_of_the_person_leads_to_the_same_letter(new_case):
    case = new_case()
    assert letter(case, "quote:7") == letter(case, "policyholder:7")
    assert [path.name for path in (case.publications / "letters").iterdir()] == ["policyholder-7"]


def test_it_goes_to_the_address_of_the_record_changed_last(new_case):
    text = letter(new_case(), "policyholder:7")
    assert "〒980-0001\\\n宮城県仙台市青葉区架空町4-5-6\\\n山田　太郎 様" in text
    assert "丸の内" not in text


def test_an_organisation_is_addressed_as_one(new_case):
    text = letter(new_case(), "clinic:3")
    assert text.startswith("# お取引先情報の漏えいのおそれに関するお詫びとお知らせ\n")
    assert "架空動物病院 御中" in text
    assert "貴院・貴社の情報の一部につきまして、漏えいした可能性を完全に否定できません。" in text


def test_a_letter_counts_nothing_and_names_no_other_record(new_case):
    case = new_case()
    text = letter(case, "policyholder:7")
    assert "A001." not in text
    assert not re.search(r"policyholder:\d|quote:\d", text)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_is_one_sheet_of_a4(new_case, language):
    case = new_case()
    letter(case, "policyholder:7")
    reader = pypdf.PdfReader(case.publications / f"letters/policyholder-7/letter.{language}.pdf")
    assert len(reader.pages) == 1
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)


def test_who_is_not_affected_gets_no_letter(new_case, capsys):
    case = new_case()
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = case.assessments / "001/verdicts.parquet"
    rows = pq.read_table(path)
    ruled_out = pa.array(["ruled_out"] * rows.num_rows)
    pq.write_table(rows.set_column(rows.column_names.index("verdict"), "verdict", ruled_out), path)
    assert main(["--case", str(case.directory), "--lang", "ja", "report", "--person", "policyholder:7"]) == 2
    assert "すべて対象外と判定されています" in capsys.readouterr().err
    assert not (case.publications / "letters").exists()
