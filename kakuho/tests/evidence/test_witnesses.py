"""What a record with holes can say about an intrusion that is only seen in part."""

from __future__ import annotations

import datetime as dt

import pytest

from kakuho.evidence.witnesses import Coverage

MARCH = dt.datetime(2025, 3, 1)  # noqa: DTZ001 - the lake's times are UTC without a zone


def _at(day: float) -> dt.datetime:
    return MARCH + dt.timedelta(days=day - 1)


def _log(*covered: tuple[float, float]) -> Coverage:
    return Coverage.of(("access_log", _at(first), _at(last)) for first, last in covered)


@pytest.mark.parametrize(
    ("covered", "hides_nothing"),
    [
        ([(1, 30)], True),
        ([(9, 12)], True),  # the record ends with what is seen: no hole
        ([(9.5, 30)], False),  # it begins too late to show that nothing was before
        ([(10.5, 30)], False),
        ([(1, 11.5)], False),
        ([(1, 11), (11.2, 30)], False),  # a hole in the middle
        ([(1, 13), (15, 30)], False),  # a hole behind the last act that is seen
        ([(1, 27), (28, 30)], False),  # however far behind
        ([(1, 9.5), (9.6, 30)], False),  # a hole in the day before the first
        ([(1, 8), (9, 30)], True),  # a whole day was watched before the first
        ([], False),
    ],
)
def test_an_act_of_the_10th_to_the_12th_of_march_may_hide_in_a_hole(
    covered: list[tuple[float, float]], hides_nothing: bool
) -> None:
    assert _log(*covered).hides_nothing("access_log", _at(10), _at(12)) is hides_nothing


def test_a_log_that_was_not_handed_over_shows_nothing() -> None:
    assert _log((1, 30)).hides_nothing("database_log", _at(10), _at(12)) is False
