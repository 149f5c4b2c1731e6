"""docs/build.py's drill block: a real drill's output comes in, anything else stays out."""

from __future__ import annotations

import pytest

from building.drill_block import NotADrillError, cleaned, filled

PASSED = """\
\x1b[1m  採点 / score  \x1b[0m
│ \x1b[1;32mmissed_persons\x1b[0m          │ 0 │ 漏れたのに見落とした人 │
│ missed_cells            │ 0 │ 同、人×項目            │
│ wrong_confirmed_persons │ 0 │ 漏れていないのに確認済みとした人 │
│ wrong_confirmed_cells   │ 0 │ 同、人×項目            │
"""
PAGE = "前 / before\n<!-- drill:begin -->\nold\n<!-- drill:end -->\n後 / after\n"


def test_the_block_shows_the_output_without_terminal_codes() -> None:
    page = filled(PAGE, PASSED)
    assert "\x1b" not in page
    assert "│ missed_persons          │ 0 │ 漏れたのに見落とした人 │" in page
    assert "old" not in page
    assert page.startswith("前 / before\n<!-- drill:begin -->\n\n```text\n$ make drill\n")
    assert page.endswith("\n```\n\n<!-- drill:end -->\n後 / after\n")


def test_filling_twice_gives_the_same_page() -> None:
    once = filled(PAGE, PASSED)
    assert filled(once, PASSED) == once


def test_a_progress_line_that_was_drawn_over_is_not_shown() -> None:
    assert "installing" not in cleaned("installing 10%\rinstalling 20%\r" + PASSED)


def test_a_text_without_a_score_is_refused() -> None:
    with pytest.raises(NotADrillError, match="missed_persons is missing"):
        filled(PAGE, "演習は中止された / the drill failed: …\n")


def test_a_drill_that_missed_somebody_is_refused() -> None:
    with pytest.raises(NotADrillError, match="missed_cells is 12"):
        filled(PAGE, PASSED.replace("missed_cells            │ 0", "missed_cells            │ 12"))


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        filled("no marks here", PASSED)
