"""Every number in every document is the fact of its id: read back from the HTML, the Markdown and the PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from kakuho.cli import main
from kakuho.reporting.figures import figure_text


class Figures(HTMLParser):
    """The ``<data>`` elements of a page: (fact id, value, words)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, int, str]] = []
        self._open: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "data":
            self._open = {key: value or "" for key, value in attrs}

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.found.append((self._open["data-fact"], int(self._open["value"]), data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "data":
            self._open = None


@pytest.fixture(scope="module")
def case(tmp_path_factory, contract) -> Path:
    directory = tmp_path_factory.mktemp("numbers") / "case"
    contract.make_case(directory)
    assert main(["--case", str(directory), "report", "--json"]) == 0
    return directory


def facts(case: Path) -> dict[str, dict]:
    return json.loads((case / "assessments/001/facts.json").read_text(encoding="utf-8"))["facts"]


def pages(case: Path, suffix: str) -> Iterator[tuple[str, str, Path]]:
    for path in sorted(case.glob(f"publications/*/*.{suffix}")):
        name, language, _ = path.name.split(".")
        yield name, language, path


def words_of(fact: dict, language: str, name: str) -> set[str]:
    form = "exact" if name == "regulator" else "public"
    return {figure_text(fact["value"], fact["unit"], language, form, bare=bare) for bare in (True, False)}


def test_html_values_and_words_are_the_facts(case):
    known, seen = facts(case), 0
    for name, language, path in pages(case, "html"):
        parser = Figures()
        parser.feed(path.read_text(encoding="utf-8"))
        for fact_id, value, words in parser.found:
            assert known[fact_id]["value"] == value, path.name
            assert words in words_of(known[fact_id], language, name), path.name
            seen += 1
    assert seen == 134


def test_markdown_footnotes_are_the_facts(case):
    known, seen = facts(case), 0
    for name, language, path in pages(case, "md"):
        text = path.read_text(encoding="utf-8")
        notes = dict(re.findall(r"^\[\^(\S+)\]: `\1` = (.+?) — ", text, re.MULTILINE))
        body = text.split("\n\n[^", 1)[0]
        printed = re.findall(
            r"((?:約|about )?[\d,.]+[万億]?(?:件|人|先| records?| people| person| organisations?)?)\[\^(\S+?)\]", body
        )
        assert {fact_id for _, fact_id in printed} == set(notes), path.name
        for words, fact_id in printed:
            assert words in words_of(known[fact_id], language, name), path.name
            assert notes[fact_id] == figure_text(known[fact_id]["value"], known[fact_id]["unit"], language, "exact")
            seen += 1
    assert seen == 134


def test_the_pdf_holds_the_same_numbers_and_names_their_facts(case):
    known = facts(case)
    for _, language, path in pages(case, "pdf"):
        parser = Figures()
        parser.feed(path.with_suffix(".html").read_text(encoding="utf-8"))
        text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(path.read_bytes())).pages)
        flat = re.sub(r"\s+", "", text)
        for fact_id, _, words in parser.found:
            assert re.sub(r"\s+", "", words) in flat, (path.name, fact_id)
            exact = figure_text(known[fact_id]["value"], known[fact_id]["unit"], language, "exact")
            assert fact_id in flat
            assert re.sub(r"\s+", "", exact) in flat
        assert ("kakuhoexplain" in flat) == bool(parser.found)


def test_the_first_notice_counts_nobody(case):
    for language in ("ja", "en"):
        parser = Figures()
        parser.feed((case / f"publications/01/notice-1.{language}.html").read_text(encoding="utf-8"))
        assert parser.found == []


def test_the_table_of_the_second_notice(case):
    text = (case / "publications/02/notice-2.ja.md").read_text(encoding="utf-8")
    rows = [re.sub(r"\[\^\S+?\]", "", line) for line in text.splitlines() if line.startswith("| ")]
    assert rows[2:] == [
        "| 既契約者・被保険者（解約者を含む） | 約1,400件<br>（うち確認 37件） | 約1,400人 "
        "| 【一部の方について漏えいを確認】<br>氏名・名称、住所、性別、生年月日、電話番号、メールアドレス、証券番号"
        "<br>【可能性を否定できない】<br>金融機関口座情報（※1） |",
        "| 見積もり・資料請求をされた方 | 約4,000件 | 約4,000人 "
        "| 【可能性を否定できない】<br>氏名・名称、住所、性別、生年月日、電話番号、メールアドレス |",
        "| 賠償責任保険の被害者 | 10件 | 10人 "
        "| 【可能性を否定できない】<br>"
        "氏名・名称、住所、性別、生年月日、電話番号、メールアドレス、金融機関口座情報（※2） |",
        "| 動物医療機関・医療調査業務協力先 | 100件 | 100先 "
        "| 【可能性を否定できない】<br>氏名・名称、住所、電話番号、金融機関口座情報（※3） |",
        "| 保険代理店 | 20件 | 20先 | 【可能性を否定できない】<br>氏名・名称、住所、金融機関口座情報（※4） |",
    ]
    notes = [re.sub(r"\[\^\S+?\]", "", line) for line in text.splitlines() if re.match(r"- ※\d", line)]
    assert notes == [
        "- ※1 うち、金融機関口座情報が対象となるもの：520件",
        "- ※2 うち、金融機関口座情報が対象となるもの：4件",
        "- ※3 うち、金融機関口座情報が対象となるもの：5件",
        "- ※4 うち、金融機関口座情報が対象となるもの：1件",
    ]


def test_people_of_two_categories_count_once_in_the_total(case):
    known = facts(case)
    assert known["A001.policyholder.persons.affected"]["value"] == 1430
    assert known["A001.prospect.persons.affected"]["value"] == 3990
    assert known["A001.total.persons.affected"]["value"] == 1430 + 3990 - 200 + 10
    text = (case / "publications/02/regulator.ja.md").read_text(encoding="utf-8")
    assert "本人の数：5,230人[^A001.total.persons.affected]" in text
