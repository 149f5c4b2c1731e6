"""The detectors together: silent on ordinary traffic, the same whatever the order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.detection import DETECTORS, detect, detector
from kakuho.errors import UsageError

from .events import INVENTORY, Events, at, found_by, ordinary


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_traffic_raises_no_alarm(seed: int) -> None:
    events = Events()
    ordinary(events, random.Random(seed))
    assert len(events.rows["http_activity"]) > 2000
    assert found_by(events) == []


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(order: random.Random) -> None:
    events = Events()
    ordinary(events, random.Random(1), days=1, policyholders=10, staff=1)
    for minute in range(12):
        events.login(at(1, minutes=minute), "203.0.113.8", minute, succeeds=minute > 10)
        events.look_up(at(1, minutes=minute), "203.0.113.9", "x' UNION SELECT login,password FROM account--")
    one = detect(events.connect(), INVENTORY)
    other = detect(events.connect(order=order, repeat=True), INVENTORY)
    assert one.findings.num_rows > 2
    assert one.findings.equals(other.findings)
    assert one.finding_events.equals(other.finding_events)


def test_every_detector_says_what_it_does_in_both_languages() -> None:
    assert len({one.id for one in DETECTORS}) == len(DETECTORS)
    for one in DETECTORS:
        assert one.title.ja and str(one.title) and one.method.ja and str(one.method)


def test_an_unknown_detector_is_named_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="there is no detector 'nonsense'"):
        detector("nonsense")
