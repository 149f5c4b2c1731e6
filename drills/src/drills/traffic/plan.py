"""The plan of ordinary life: every visit with its moment, its visitor and its own seed, from the drill's seed alone.

Customers visit at any hour, and never leave a silence of more than five hours; staff and agencies work office hours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from drills.chance import chance_for
from drills.traffic.people import Device, Member, home_device
from drills.traffic.shape import (
    CALL_CENTRE_WEEK,
    CONSUMER_HOURS,
    CONSUMER_WEEK,
    OFFICE_HOURS,
    OFFICE_WEEK,
    fill_silences,
    moments,
)

# Visits on an average day at SCALE=0.01.
QUOTES, BROCHURES, CUSTOMERS, CALLS, CLAIMS, LIABILITY, AGENCIES = 4.5, 1.5, 5.0, 3.5, 1.5, 1.2, 1.0


@dataclass(frozen=True)
class People:
    """Everybody who can log in, by what they do."""

    customers: Sequence[Member]
    call_centre: Sequence[Member]
    adjusters: Sequence[Member]
    liability_handlers: Sequence[Member]
    agencies: Sequence[Member]


@dataclass(frozen=True)
class Visit:
    """One visit: `kind` names the function in `visits` that makes it."""

    at: datetime
    kind: str
    device: Device
    member: Member | None
    seed: int

    @property
    def account(self) -> Member:
        """The member whose visit it is; visits of prospects have none."""
        if self.member is None:
            raise ValueError(f"a visit of kind {self.kind} has no account")
        return self.member


def volume(scale: float) -> float:
    """Traffic grows slower than the population, so that a drill of any scale ends within the hour."""
    return min(8.0, max(0.5, math.sqrt(scale / 0.01)))


def plan(
    people: People, start: datetime, end: datetime, scale: float, seed: int, expected: Sequence[Member] = ()
) -> list[Visit]:
    """All visits between `start` and `end` in order; every member of `expected` comes at least once."""
    chance = chance_for("traffic", seed)
    days = -(-(end - start) // timedelta(days=1))
    share = volume(scale)

    def shaped(a_day: float, week: tuple[float, ...], hours: tuple[int, ...]) -> list[datetime]:
        return [at for at in moments(chance, start, days, a_day * share, week, hours) if start < at < end]

    def visit(at: datetime, kind: str, member: Member | None) -> Visit:
        device = chance.choice(member.devices) if member else home_device(chance)
        return Visit(at, kind, device, member, chance.getrandbits(32))

    visits: list[Visit] = []
    for kind, a_day in (("quote", QUOTES), ("brochure", BROCHURES)):
        visits += [visit(at, kind, None) for at in shaped(a_day, CONSUMER_WEEK, CONSUMER_HOURS)]

    customers = shaped(CUSTOMERS, CONSUMER_WEEK, CONSUMER_HOURS)
    customers += [start + (end - start) * chance.random() for _ in expected]
    members = [*(chance.choice(people.customers) for _ in customers[: len(customers) - len(expected)]), *expected]
    visits += [visit(at, "customer", member) for at, member in zip(customers, members, strict=True)]
    for at in fill_silences(chance, customers, start, end):
        visits.append(visit(at, "sleepless_customer", chance.choice(people.customers)))

    for kind, a_day, week, workers in (
        ("call", CALLS, CALL_CENTRE_WEEK, people.call_centre),
        ("claim", CLAIMS, OFFICE_WEEK, people.adjusters),
        ("liability", LIABILITY, OFFICE_WEEK, people.liability_handlers),
        ("agency", AGENCIES, OFFICE_WEEK, people.agencies),
    ):
        visits += [visit(at, kind, chance.choice(workers)) for at in shaped(a_day, week, OFFICE_HOURS)]
    return sorted(visits, key=lambda visit: (visit.at, visit.kind, visit.seed))
