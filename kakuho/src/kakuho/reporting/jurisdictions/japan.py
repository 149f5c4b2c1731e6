"""Japan's APPI: the four triggers of rule 7 and the two clocks of rule 8, computed from ``japan.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from kakuho.inventory import Inventory
from kakuho.reporting.assessment import Assessment
from kakuho.reporting.data import load

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Trigger:
    """A trigger and whether it applies; ``unknown`` where a person has to judge."""

    id: str
    answer: Answer


@dataclass(frozen=True)
class Deadlines:
    """``moved``: the confirmed report's last day fell on a closed day. ``calendar_known``: its holidays are on file."""

    preliminary_first: date
    preliminary_last: date
    confirmed: date
    confirmed_days: int
    moved: bool
    calendar_known: bool


def profile() -> dict[str, Any]:
    return load("jurisdictions/japan.yaml")


def triggers(assessment: Assessment, inventory: Inventory) -> tuple[Trigger, ...]:
    """Rule 7 (1)–(4) for this assessment."""
    return tuple(Trigger(rule["id"], _answer(rule, assessment, inventory)) for rule in profile()["triggers"])


def _answer(rule: dict[str, Any], assessment: Assessment, inventory: Inventory) -> Answer:
    if rule["test"] == "more_persons_than":
        return "yes" if assessment.value("total.persons.affected") > rule["persons"] else "no"
    if rule["test"] == "intrusion":
        known = assessment.window.get("first") or assessment.window.get("widened_first")
        return "yes" if known else "unknown"
    keys = {inventory.item(item).data_category for (_, item), cells in assessment.cells.items() if cells.affected}
    if any(key == wanted or key.startswith(f"{wanted}.") for key in keys for wanted in rule["keys"]):
        return "yes"
    otherwise: Answer = rule["otherwise"]
    return otherwise if keys else "no"


def deadlines(known_on: date, *, wrongful: bool) -> Deadlines:
    """Both clocks from the day of knowing, which is day 1."""
    clock = profile()["clock"]
    days = clock["confirmed"]["wrongful" if wrongful else "ordinary"]
    last = _day(known_on, days)
    due = last
    while _closed(due):
        due += timedelta(days=1)
    return Deadlines(
        preliminary_first=_day(known_on, clock["preliminary"]["first"]),
        preliminary_last=_day(known_on, clock["preliminary"]["last"]),
        confirmed=due,
        confirmed_days=days,
        moved=due != last,
        calendar_known=due.year in profile()["closed"]["holidays"],
    )


def _day(known_on: date, number: int) -> date:
    return known_on + timedelta(days=number - 1)


def _closed(day: date) -> bool:
    closed = profile()["closed"]
    stamp = day.strftime("%m-%d")
    year_end = closed["year_end"]
    return (
        (closed["weekends"] and day.weekday() >= 5)
        or stamp >= year_end["from"]
        or stamp <= year_end["to"]
        or stamp in closed["holidays"].get(day.year, ())
    )
