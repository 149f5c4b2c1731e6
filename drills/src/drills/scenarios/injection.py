"""SQL injection: sqlmap against the legacy look-up, by UNION and by yes-or-no questions, on several days.

What is taken is drawn by the seed: which tables, which columns beside the primary key, the whole table, a range or a
condition; and a few injured third parties one character at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from drills.chance import chance_for
from drills.scenarios.intrusion import Ground
from drills.scenarios.sqlmap import Run, Target, run
from drills.scenarios.wiping import Wiped
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell, cells_in_legacy_page
from drills.truth.dumps import UnreadableDumpError, cells_in_dump, values_in_dump
from drills.truth.holdings import Holdings
from drills.truth.traffic_file import bodies

ADDRESSES = ("127.181.90.4", "127.203.11.68")
CONTACT = ("name", "kana", "gender", "birth_date", "postal_code", "address", "phone", "email")
_BANK = ("bank_code", "bank_name", "branch_code", "branch_name", "account_number", "holder_kana")


class Injection:
    """The intruder of `SCENARIO=injection`."""

    victims: Sequence[Member] = ()
    impersonated: Sequence[Member] = ()
    wiped: Wiped | None = None
    known: tuple[str, ...] = ()

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chance = chance_for("injection", ground.seed)
        self._known_number = self._chance.choice(ground.policy_numbers)
        self._runs: list[Run] = []
        self._moments: list[datetime] = []

    def acts(self) -> list[tuple[datetime, Steps]]:
        chance = self._chance
        at = self._ground.start + timedelta(days=chance.uniform(4.5, 6.5))
        acts: list[tuple[datetime, Steps]] = []
        for number, target in enumerate(self._targets()):
            folder = self._ground.folder / "intruder" / f"{number + 1:02d}-{target.table}"
            acts.append((at, self._take(target, chance.choice(ADDRESSES), folder)))
            at += timedelta(days=chance.uniform(1.2, 2.8))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        cells: set[Cell] = set()
        for taken in self._runs:
            received = [body for status, body in bodies(taken.traffic) if status == 200]
            for body in received:
                cells |= cells_in_legacy_page(body, holdings)
            cells |= cells_in_dump(taken.dump, holdings)
            if "U" in taken.target.techniques:
                _check_against_traffic(taken, received)
        return cells

    def window(self) -> tuple[datetime, datetime]:
        return min(self._moments), max(self._moments)

    def _targets(self) -> list[Target]:
        """In the order in which they are taken."""
        chance, counts = self._chance, self._ground.record_counts
        first = chance.randint(5, max(6, counts["policyholder"] - 60))
        injured = chance.randint(1, max(1, counts["injured_third_party"] - 2))
        asked = chance.choice(("quote", "brochure_request"))
        low = chance.randint(1, max(1, counts[asked] - 50))
        last, high = first + chance.randint(15, 40), low + chance.randint(40, 400)
        targets = [
            Target("bank_account", self._columns(_BANK, 2, 4), "U"),
            Target("policyholder", self._columns(CONTACT, 2, 5), "U", first=first, last=last),
            Target(asked, self._columns(CONTACT, 2, 4), "U", where=f"id>={low} AND id<{high}"),
            Target("injured_third_party", ("id", "name", "phone"), "B", first=injured, last=injured + 1),
        ]
        chance.shuffle(targets)
        return targets

    def _columns(self, choice: tuple[str, ...], fewest: int, most: int) -> tuple[str, ...]:
        taken = set(self._chance.sample(choice, k=self._chance.randint(fewest, most)))
        return ("id", *(column for column in choice if column in taken))

    def _take(self, target: Target, address: str, folder: Path) -> Iterator[float]:
        """One run of sqlmap; ordinary visitors go on beside it."""
        ground = self._ground
        self._moments.append(ground.clock.now())
        url = f"{ground.site}/legacy/policy-status?no={self._known_number}"
        self._runs.append(run(ground.processes, url, target, address, folder))
        self._moments.append(ground.clock.now())
        ground.resettle()
        yield 1.0


def _check_against_traffic(taken: Run, received: list[str]) -> None:
    """What a UNION dump claims to hold must have come over the wire."""
    wire = "\n".join(received)
    for value in values_in_dump(taken.dump):
        if value not in wire:
            raise UnreadableDumpError(f"{taken.dump.name} holds a value that no recorded answer holds")
