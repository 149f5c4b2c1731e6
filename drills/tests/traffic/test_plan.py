"""The plan of ordinary life: decided by the seed, never silent for long, in the shape of days and weeks."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from drills.life import END, START
from drills.traffic.people import Member, customer, employee
from drills.traffic.plan import People, Visit, plan
from drills.truth.forms import JAPAN

SIX_HOURS = timedelta(hours=6)


def _people() -> People:
    def staff(name: str, network: int) -> list[Member]:
        return [employee(f"{name}{number}", "a password", 1, network) for number in range(3)]

    return People(
        customers=[customer(f"c{number}@example.jp", "a password", 1) for number in range(40)],
        call_centre=staff("call", 1),
        adjusters=staff("adjuster", 2),
        liability_handlers=staff("liability", 3),
        agencies=staff("agency", 4),
    )


def _plan(seed: int, scale: float = 0.01) -> list[Visit]:
    return plan(_people(), START, END, scale, seed)


def test_the_same_seed_gives_the_same_plan() -> None:
    assert _plan(1) == _plan(1)


def test_another_seed_gives_another_plan() -> None:
    assert _plan(1) != _plan(2)


@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize("scale", [0.001, 0.01])
def test_nobody_looks_at_a_my_page_for_more_than_six_hours_never(seed: int, scale: float) -> None:
    """A page at My Page reaches the access log, the database log and the disclosure ledger."""
    looked = [visit.at for visit in _plan(seed, scale) if visit.kind in ("customer", "sleepless_customer")]
    moments = [START, *looked, END]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= SIX_HOURS


def test_nights_are_thin_and_evenings_busy() -> None:
    hours = Counter(visit.at.astimezone(JAPAN).hour for seed in range(1, 6) for visit in _plan(seed))
    assert sum(hours[hour] for hour in range(2, 5)) < sum(hours[hour] for hour in range(19, 22)) / 2


def test_staff_work_office_hours_on_working_days() -> None:
    at_work = [visit.at.astimezone(JAPAN) for visit in _plan(1) if visit.kind in ("claim", "liability")]
    assert {moment.weekday() for moment in at_work} <= {0, 1, 2, 3, 4}
    assert {moment.hour for moment in at_work} <= set(range(9, 18))


def test_members_come_from_their_own_devices_only() -> None:
    assert all(visit.device in visit.member.devices for visit in _plan(1) if visit.member)


def test_whoever_is_expected_comes() -> None:
    people = _people()
    expected = people.customers[:5]
    visits = plan(people, START, END, 0.01, 1, expected)
    assert {member.login for member in expected} <= {visit.member.login for visit in visits if visit.member}


def test_some_customers_have_a_second_device_in_a_mobile_network() -> None:
    people = _people()
    assert any(len(member.devices) == 2 for member in people.customers)
    assert all(
        member.devices[1].address.startswith("127.100.") for member in people.customers if len(member.devices) == 2
    )
