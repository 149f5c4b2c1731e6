"""From a log that lines were lost of, or that a server's own pages stand in, letters stay undecided; none is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kakuho.exposure.injection import UNDECIDED

from .attacker import FORMS, Page
from .test_extractors import decoded
from .test_time import SleepingPage

SECRET = "hana_k@example.jp"
BISECTION = next(form for form in FORMS if form.name == "mysql not between")


def _may_become(value: str | None, whole: str) -> bool:
    text = (value or "").rstrip(UNDECIDED)
    return len(text) <= len(whole) and all(a in (UNDECIDED, b) for a, b in zip(text, whole, strict=False))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.03, 0.1, 0.5])
def test_lines_that_are_lost_make_no_letter_wrong(seed: int, share: float, tmp_path: Path) -> None:
    page = Page()
    BISECTION.extract(page.ask, BISECTION.query, SECRET)
    chance = random.Random(seed)
    left = [line for line in page.lines if chance.random() < share]
    assert all(_may_become(value.value, SECRET) for value in decoded(tmp_path, left))


def _refused(line: str) -> str:
    return line.replace('" 200 512', '" 503 190').replace('" 200 480', '" 503 190')


@pytest.mark.parametrize("seed", range(4))
def test_the_page_of_an_overloaded_server_is_no_answer(seed: int, tmp_path: Path) -> None:
    page = Page()
    BISECTION.extract(page.ask, BISECTION.query, SECRET)
    chance = random.Random(seed)
    lines = [_refused(line) if chance.random() < 0.05 else line for line in page.lines]
    values = decoded(tmp_path, lines)
    assert values
    assert all(_may_become(value.value, SECRET) for value in values)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["nginx", "apache"])
def test_gaps_between_lines_out_of_order_say_nothing(kind: str, seed: int, tmp_path: Path) -> None:
    page = SleepingPage(2, 0.01, 0.0, seed)
    page.extract("0906")
    lines = page.log(kind).strip().splitlines()
    random.Random(seed).shuffle(lines)
    assert decoded(tmp_path, lines) == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["nginx", "apache", "nginx-time"])
def test_the_time_of_a_line_that_is_lost_is_not_taken_for_another_ones(kind: str, seed: int, tmp_path: Path) -> None:
    page = SleepingPage(2, 0.01, 0.0, seed)
    page.extract("0906")
    chance = random.Random(seed)
    left = [line for line in page.log(kind).strip().splitlines() if chance.random() < 0.5]
    assert all(_may_become(value.value, "0906") for value in decoded(tmp_path, left))
