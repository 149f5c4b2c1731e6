"""A page's length for the rows on it, learnt from answers whose rows are known."""

from __future__ import annotations

import gzip
import html
from datetime import date
from decimal import Decimal

import pytest

from kakuho.exposure.methods.sizes.page import Cells, Printed, pages, printed


def _sent(rows: Cells, empty: str = "", charset: str = "utf-8") -> bytes:
    """A table as many programs print one."""
    lines = ["".join(f"<td>{html.escape(str(empty if v is None else v))}</td>" for v in row) for row in rows]
    return f"<h1>照会</h1>{''.join(f'<tr>{line}</tr>' for line in lines)}</html>".encode(charset)


KNOWN: list[Cells] = [
    [["PA25-0001925-4", 70, date(2025, 2, 1), "伊藤 京子"]],
    [["PA25-0001925-4", 70, date(2025, 2, 1), "伊藤 京子"], ["qjxjq0123456789", None, None, None]],
    [["PA25-0001925-4", 70, date(2025, 2, 1), "伊藤 京子"], [None, None, None, "qjxjq"], [None, None, None, "q"]],
    [["qjxjq1", None, None, None]],
    [["qjxjq0123456789", None, None, None]],
    [["a", "b", "c", "d"]],
    [["東京都千代田区", "b", "c", "d"]],
]
ASKED: Cells = [["長谷川 真理子", None, None, "佐藤"]]


@pytest.mark.parametrize("empty", ["", "None", "―"])
def test_bytes_are_a_base_so_much_a_row_so_much_an_empty_value_and_the_values(empty: str) -> None:
    (page,) = pages((rows, len(_sent(rows, empty))) for rows in KNOWN)
    assert page.size_of(printed(ASKED, page.encoding)) == len(_sent(ASKED, empty))


def test_the_known_answers_decide_the_character_encoding() -> None:
    """Shift_JIS and EUC-JP write the same number of bytes for all but half-width kana and a few others."""
    found = pages((rows, len(_sent(rows, charset="cp932"))) for rows in KNOWN)
    assert [page.encoding for page in found] == ["cp932", "euc_jp"]
    assert {page.size_of(printed(ASKED, page.encoding)) for page in found} == {len(_sent(ASKED, charset="cp932"))}


def test_with_ascii_alone_every_encoding_stays_in_question() -> None:
    found = pages((rows, len(_sent(rows))) for rows in [*KNOWN[3:6], [["e", "f", "g", None]], [["h" * 9, None, "", 1]]])
    assert [page.encoding for page in found] == ["utf-8", "cp932", "euc_jp", "escaped"]


def test_one_answer_that_does_not_agree_means_that_the_page_is_not_understood() -> None:
    known = [(rows, len(_sent(rows))) for rows in KNOWN]
    assert pages([*known, (KNOWN[0], len(_sent(KNOWN[0])) + 1)]) == []


def test_a_compressed_page_is_not_understood() -> None:
    assert pages((rows, len(gzip.compress(_sent(rows)))) for rows in KNOWN) == []


def test_bytes_that_count_the_header_fields_are_not_understood_once_its_length_has_another_digit() -> None:
    """Apache's %O: ``Content-Length: 99`` and ``Content-Length: 100`` differ by a byte."""
    lengths = [len(_sent(rows)) for rows in KNOWN]
    known = zip(KNOWN, (length + 30 + len(str(length)) for length in lengths), strict=True)
    assert {len(str(length)) for length in lengths} == {2, 3}
    assert pages(known) == []


def test_a_page_that_cuts_long_values_is_not_understood_from_the_cut_on() -> None:
    cut = [[[v[:8] if isinstance(v, str) else v for v in row] for row in rows] for rows in KNOWN]
    assert pages((rows, len(_sent(short))) for rows, short in zip(KNOWN, cut, strict=True)) == []


def test_too_few_different_answers_show_nothing() -> None:
    """Three unknown amounts, and two more answers than it takes to settle them."""
    known = [(rows, len(_sent(rows))) for rows in KNOWN]
    assert pages(known[:4] * 50) == []
    assert pages(known[:5]) != []


def test_what_the_known_answers_do_not_settle_is_not_told() -> None:
    """All of them hold five empty values a row but the first: then one row with five is not the same question."""
    first = ["PA25", "a", "b", "c", "d", "京子"]
    known = [[first, *[[text, None, None, None, None, None]] * more] for more in (1, 2, 3) for text in ("q", "qqq")]
    page = pages((rows, len(_sent(rows))) for rows in known)[0]
    assert page.size_of(printed([["qq", None, None, None, None, None]], "utf-8")) is None
    assert page.size_of(printed([first, ["qq", None, None, None, None, None]], "utf-8")) == len(
        _sent([first, ["qq", None, None, None, None, None]])
    )


@pytest.mark.parametrize(
    "value", ["A & B", "<b>", "O'Neil", 'the "x"', "two  blanks", " led", "a\nb", 12345, 1.5, Decimal("1.50"), True]
)
def test_values_that_pages_write_in_several_ways_are_not_measured(value: object) -> None:
    assert printed([["before", value]], "utf-8") is None


def test_what_is_measured() -> None:
    assert printed([["髙橋", None, 70, date(2025, 2, 1)]], "utf-8") == Printed(1, 1, 18, 10)
    assert printed([["髙橋"]], "escaped") == Printed(1, 0, 12, 12)
    assert printed([["髙橋"]], "cp932") == Printed(1, 0, 4, 4)
    assert printed([["𩸽"]], "cp932") is None
