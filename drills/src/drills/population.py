"""Who lives in a drill: the logins and passwords that the synthetic population was made with, by role."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from drills.traffic.people import Member, customer, employee
from drills.traffic.plan import People
from petinsurance.population import known_passwords

_COUNTED = ("policyholder", "quote", "brochure_request", "injured_third_party")
_OFFICES = {"call_centre": 1, "adjuster": 2, "liability_handler": 3, "agency": 4}


@dataclass(frozen=True)
class Population:
    """The people with logins, and what a scenario needs to know to plan: some numbers, some sizes."""

    people: People
    policy_numbers: tuple[str, ...]
    record_counts: Mapping[str, int]


def read(owner_url: str, scale: float, seed: int) -> Population:
    """Ask the database who has which role; the passwords come from the population's own recipe."""
    passwords = known_passwords(scale, seed)
    by_role: dict[str, list[str]] = {}
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for login, role in connection.execute("SELECT login, role FROM account WHERE is_active ORDER BY login"):
            if login in passwords:
                by_role.setdefault(role, []).append(login)
        numbers = connection.execute("SELECT policy_number FROM policy ORDER BY policy_number").fetchall()
        record_counts = {table: _count(connection, table) for table in _COUNTED}

    def workers(role: str) -> list[Member]:
        return [employee(login, passwords[login], seed, _OFFICES[role]) for login in by_role[role]]

    people = People(
        customers=[customer(login, passwords[login], seed) for login in by_role["policyholder"]],
        call_centre=workers("call_centre"),
        adjusters=workers("adjuster"),
        liability_handlers=workers("liability_handler"),
        agencies=workers("agency"),
    )
    return Population(people, tuple(number for (number,) in numbers), record_counts)


def _count(connection: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    (number,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchall()[0]
    return int(str(number))
