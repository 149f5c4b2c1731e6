"""Which words a verdict allows; 「漏えいなし」 is refused unless the evidence carries it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.errors import KakuhoError
from kakuho.inventory import load_inventory
from kakuho.reporting.assessment import Assessment, Cells
from kakuho.reporting.wording import absent_kinds, address, level_of, no_leak, sentence, unaffected

HERE = Path(__file__).parent


def assessment(cells: Cells, *, start_established: bool = True) -> Assessment:
    window = {"start_established": start_established}
    return Assessment(1, Path("assessments/001"), {}, window, {("clinic", "name"): cells})


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (Cells(confirmed=1, possible=5, reach=5), "漏えいしたことを確認しました"),
        (Cells(possible=5, reach=4), "漏えいした可能性があります"),
        (Cells(possible=5, reach=5), "漏えいした可能性を完全に否定できません"),
    ],
    ids=["confirmed", "possible", "reach only"],
)
def test_the_strongest_verdict_decides(cells, words):
    level = level_of(cells)
    assert level is not None
    assert sentence(level, "ja") == words


def test_no_leak_is_said_where_every_cell_is_ruled_out():
    assert no_leak(assessment(Cells(ruled_out=7)), "clinic", "ja") == "漏えいなし"


@pytest.mark.parametrize(
    ("cells", "start_established"),
    [(Cells(ruled_out=7), False), (Cells(ruled_out=7, possible=1, reach=1), True), (Cells(), True)],
    ids=["the logs begin too late", "one cell is possible", "nothing was judged"],
)
def test_no_leak_is_refused_otherwise(cells, start_established):
    found = assessment(cells, start_established=start_established)
    with pytest.raises(KakuhoError, match="'no leak' cannot be said of clinic"):
        no_leak(found, "clinic", "ja")
    assert unaffected(found, "clinic", "ja") == "現時点で漏えいを示す記録は確認されておりません"


def test_what_the_inventory_does_not_hold_may_be_stated():
    inventory = load_inventory(HERE / "inventory.yaml")
    assert absent_kinds(inventory, "ja") == ("クレジットカード情報", "マイナンバー（個人番号）")


def test_a_letter_addresses_each_category_in_its_own_words():
    assert address("person", ("policyholder",), "ja") == "お客さま"
    assert address("person", ("injured_third_party",), "ja") == "ご本人さま"
    assert address("person", ("policyholder", "injured_third_party"), "ja") == "お客さま"
    assert address("organisation", ("agency",), "ja") == "貴店"
