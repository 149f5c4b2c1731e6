"""Rule 7's triggers and rule 8's clocks. The day of knowing is day 1; a closed last day moves to the next open one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kakuho.inventory import load_inventory
from kakuho.reporting.assessment import Assessment, Cells, Fact
from kakuho.reporting.jurisdictions import deadlines, profile, triggers

INVENTORY = load_inventory(Path(__file__).parents[1] / "inventory.yaml")
WINDOW = {"first": "2025-03-18T16:02:11.000000Z"}


def answers(persons: int, cells: dict, window: dict) -> dict[str, str]:
    facts = {"A001.total.persons.affected": Fact("A001.total.persons.affected", persons, "persons", {})}
    found = Assessment(1, Path("assessments/001"), facts, window, cells)
    return {trigger.id: trigger.answer for trigger in triggers(found, INVENTORY)}


@pytest.mark.parametrize(("persons", "answer"), [(1000, "no"), (1001, "yes")])
def test_more_than_a_thousand_persons_begins_at_1001(persons, answer):
    assert answers(persons, {}, WINDOW)["numerous"] == answer


def test_unauthorised_access_on_record_is_a_wrongful_purpose():
    assert answers(1, {}, WINDOW)["wrongful"] == "yes"
    assert answers(1, {}, {})["wrongful"] == "unknown"


def test_what_the_inventory_cannot_tell_is_left_to_a_person():
    cells = {("policyholder", "bank_account"): Cells(possible=1)}
    found = answers(1, cells, WINDOW)
    assert (found["sensitive"], found["property"]) == ("unknown", "unknown")
    assert answers(0, {("policyholder", "name"): Cells(ruled_out=1)}, WINDOW)["sensitive"] == "no"


def test_both_clocks_of_the_real_case():
    due = deadlines(date(2025, 4, 22), wrongful=True)
    assert (due.preliminary_first, due.preliminary_last) == (date(2025, 4, 24), date(2025, 4, 26))
    assert (due.confirmed, due.confirmed_days, due.moved) == (date(2025, 6, 20), 60, False)


@pytest.mark.parametrize(
    ("known_on", "wrongful", "due"),
    [
        (date(2025, 4, 1), False, date(2025, 4, 30)),
        (date(2025, 4, 5), False, date(2025, 5, 7)),
        (date(2025, 11, 1), True, date(2026, 1, 5)),
        (date(2026, 7, 24), True, date(2026, 9, 24)),
    ],
    ids=["30 days", "4 May, a holiday, to 7 May", "30 December to 5 January", "21 September to 24 September"],
)
def test_a_closed_last_day_moves_to_the_next_working_day(known_on, wrongful, due):
    assert deadlines(known_on, wrongful=wrongful).confirmed == due


def test_a_year_without_a_list_of_holidays_is_told():
    assert not deadlines(date(2035, 1, 10), wrongful=True).calendar_known


def test_the_profile_says_where_it_is_from_and_that_counsel_has_not_confirmed_it():
    assert profile()["counsel"] == "unconfirmed"
    assert "施行規則 第7条・第8条・第10条" in profile()["source"]["ja"]
