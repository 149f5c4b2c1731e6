"""Stuffed and sprayed passwords, and people who only forgot theirs."""

from __future__ import annotations

from .events import Events, at, found_by


def test_eight_failures_in_a_day_are_a_finding_seven_are_not() -> None:
    events = Events()
    for minute in range(8):
        events.login(at(1, minutes=minute), "203.0.113.8", minute, succeeds=False)
    for minute in range(7):
        events.login(at(1, minutes=minute), "203.0.113.7", minute, succeeds=False)
    assert found_by(events) == [("failed_logins", "address", "203.0.113.8", "high")]


def test_failures_that_a_day_does_not_hold_together_are_none() -> None:
    events = Events()
    for day in range(8):
        events.login(at(day * 2), "203.0.113.8", day, succeeds=False)
    assert found_by(events) == []


def test_an_office_where_most_logins_succeed_is_none() -> None:
    events = Events()
    for minute in range(40):
        events.login(at(1, minutes=minute), "192.0.2.1", minute, succeeds=minute % 4 != 0)
    assert found_by(events) == []


def test_the_successes_of_a_stuffing_address_are_cited_too() -> None:
    events = Events()
    for minute in range(10):
        events.login(at(1, minutes=minute), "203.0.113.8", minute, succeeds=minute == 9)
    from kakuho.detection.run import detect

    from .events import INVENTORY

    found = detect(events.connect(), INVENTORY)
    assert found.findings.column("events").to_pylist() == [10]
    assert found.finding_events.column("line").to_pylist() == list(range(1, 11))


def test_an_address_that_enters_many_accounts_after_failures_is_high() -> None:
    events = Events()
    for person in range(20):
        events.my_page(at(1, minutes=person), f"198.51.100.{person}", f"s{person}", person)
    for person in range(6):
        events.login(at(2, minutes=person * 2), "203.0.113.9", person, succeeds=False)
        events.login(at(2, minutes=person * 2 + 1), "203.0.113.9", person)
        events.my_page(at(2, minutes=person * 2 + 1), "203.0.113.9", f"x{person}", person)
    assert found_by(events) == [("password_spraying", "address", "203.0.113.9", "high")]


def test_a_shared_address_where_nothing_failed_is_medium() -> None:
    events = Events()
    for person in range(20):
        events.my_page(at(1, minutes=person), f"198.51.100.{person}", f"s{person}", person)
    for person in range(6):
        events.login(at(2, minutes=person), "203.0.113.9", person)
        events.my_page(at(2, minutes=person), "203.0.113.9", f"x{person}", person)
    assert found_by(events) == [("password_spraying", "address", "203.0.113.9", "medium")]
