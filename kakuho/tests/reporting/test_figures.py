"""How a count is written: 199 exact, about 1,000, 14.3万; rounded means labelled."""

from __future__ import annotations

import pytest

from kakuho.reporting.figures import figure_text


@pytest.mark.parametrize(
    ("value", "unit", "ja", "en"),
    [
        (0, "records", "0件", "0 records"),
        (1, "persons", "1人", "1 person"),
        (199, "organisations", "199先", "199 organisations"),
        (999, "records", "999件", "999 records"),
        (1000, "records", "約1,000件", "about 1,000 records"),
        (1449, "persons", "約1,400人", "about 1,400 people"),
        (1450, "persons", "約1,500人", "about 1,500 people"),
        (9949, "records", "約9,900件", "about 9,900 records"),
        (10_000, "organisations", "約1万先", "about 10,000 organisations"),
        (52_000, "records", "約5.2万件", "about 52,000 records"),
        (143_000, "records", "約14.3万件", "about 143,000 records"),
        (143_499, "records", "約14.3万件", "about 143,000 records"),
        (143_500, "records", "約14.4万件", "about 144,000 records"),
        (17_480_000, "records", "約1,748万件", "about 17,480,000 records"),
        (123_400_000, "records", "約1.2億件", "about 123,000,000 records"),
    ],
)
def test_public_figures_are_rounded_and_say_so(value, unit, ja, en):
    assert figure_text(value, unit, "ja", "public") == ja
    assert figure_text(value, unit, "en", "public") == en


def test_exact_figures_are_exact():
    assert figure_text(143_499, "records", "ja", "exact") == "143,499件"
    assert figure_text(143_499, "persons", "en", "exact") == "143,499 people"


def test_under_a_head_that_names_the_unit_english_leaves_it_out():
    assert figure_text(143_000, "records", "en", "public", bare=True) == "about 143,000"
    assert figure_text(143_000, "records", "ja", "public", bare=True) == "約14.3万件"
