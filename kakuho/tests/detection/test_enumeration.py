"""Reading far more people than one's peers do."""

from __future__ import annotations

from .events import Events, at, found_by


def staff_day(events: Events, worker: int, people: int, *, day: int = 1) -> None:
    for number in range(people):
        moment = at(day, minutes=number)
        events.disclosure(
            moment, "192.0.2.10", f"w{worker}", 9000 + worker, [worker * 10_000 + number],
            kind="staff", route="/staff/policyholders/{key}/",
        )  # fmt: skip


def test_a_busy_call_centre_is_ordinary() -> None:
    events = Events()
    for worker, people in enumerate([22, 35, 41, 48, 60, 75, 110]):
        staff_day(events, worker, people)
    assert found_by(events) == []


def test_an_account_that_reads_hundreds_where_others_read_dozens_is_for_a_person_to_decide() -> None:
    events = Events()
    for worker, people in enumerate([22, 35, 41, 48, 60]):
        staff_day(events, worker, people)
    staff_day(events, 9, 700)
    assert found_by(events) == [("enumeration", "account", "account:9009", "medium")]


def test_without_peers_nobody_is_compared() -> None:
    events = Events()
    staff_day(events, 1, 700)
    assert found_by(events) == []


def test_a_policyholders_account_has_no_business_with_others_records() -> None:
    events = Events()
    for other in range(30):
        events.disclosure(at(1, minutes=other), "203.0.113.5", "s", 1, [100 + other])
    assert found_by(events) == [("enumeration", "account", "account:1", "high")]


def test_keys_asked_of_a_public_route_one_after_the_other() -> None:
    events = Events()
    for person in range(10):
        events.look_up(at(1, minutes=person), f"198.51.100.{person}", f"P{person:08d}")
    for number in range(60):
        events.look_up(at(2, seconds=number), "203.0.113.5", f"P{number:08d}")
    assert found_by(events) == [("enumeration", "address", "203.0.113.5", "high")]
