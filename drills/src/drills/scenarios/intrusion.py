"""What every scenario is given, and what it must hand over for the truth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import httpx

from drills.clock import MappedClock
from drills.processes import Processes
from drills.scenarios.wiping import Wiped
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell
from drills.truth.holdings import Holdings


@dataclass(frozen=True)
class Ground:
    """Where an intrusion takes place. `answered` must be told of every response, so that the clock can wait for it.

    `logs` and `web_processes` (ids) are there for an intruder who has taken the host, and for no other; `database`, the
    web application's role and password at the address where the database listens, for one who has stolen these.
    `owner`: the database as operations reach it, for what they do meanwhile.
    """

    site: str
    start: datetime
    end: datetime
    seed: int
    clock: MappedClock
    processes: Processes
    folder: Path
    customers: Sequence[Member]
    staff: Sequence[Member]
    policy_numbers: Sequence[str]
    record_counts: Mapping[str, int]
    answered: Callable[[httpx.Response], None]
    resettle: Callable[[], None]
    logs: Path
    web_processes: Callable[[], Sequence[int]]
    database: str | None
    owner: str | None = None


class Intrusion(Protocol):
    """One intruder with a plan."""

    @property
    def victims(self) -> Sequence[Member]:
        """Whose accounts the intruder will get into; their owners live on."""
        ...

    @property
    def impersonated(self) -> Sequence[Member]:
        """Whose accounts the intruder used: a responder asks these people which addresses are their own."""
        ...

    @property
    def known(self) -> tuple[str, ...]:
        """Indicators (``address=…``) that an analyst would know from elsewhere, since detection cannot find them."""
        ...

    @property
    def wiped(self) -> Wiped | None:
        """What the intruder deleted of the host's logs, once that is done."""
        ...

    def acts(self) -> list[tuple[datetime, Steps]]:
        """What the intruder does, and from when."""
        ...

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the intruder received, from the intruder's recordings."""
        ...

    def window(self) -> tuple[datetime, datetime]:
        """The first and the last moment at which the intruder was there."""
        ...
