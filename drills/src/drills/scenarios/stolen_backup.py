"""A stolen backup: the nightly dumps lie in a folder below the web site, and somebody guesses their names.

Operations dump the database at three in the morning and keep the files of some nights. The intruder tries names on two
or three evenings and downloads one or two of the files whole, without any login.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from drills import handover
from drills.chance import chance_for
from drills.loopback import require_loopback, require_loopback_source
from drills.scenarios.credentials import HAND_AGENT
from drills.scenarios.intrusion import Ground
from drills.scenarios.wiping import Wiped
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.archives import cells_in_archive
from drills.truth.bodies import Cell
from drills.truth.forms import JAPAN
from drills.truth.holdings import Holdings

ADDRESS = "127.211.9.34"
FOLDER = "/files/backups/"
NIGHTS = 5


class StolenBackup:
    """The intruder of `SCENARIO=stolen-backup`."""

    victims: Sequence[Member] = ()
    impersonated: Sequence[Member] = ()
    wiped: Wiped | None = None
    known: tuple[str, ...] = (f"address={ADDRESS}",)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chance = chance_for("stolen backup", ground.seed)
        self._site = require_loopback(ground.site)
        self._taken: list[Path] = []
        self._moments: list[datetime] = []
        self._loot = ground.folder / "intruder"
        self._loot.mkdir(parents=True, exist_ok=True)

    def acts(self) -> list[tuple[datetime, Steps]]:
        """Five nights of backups, and after the last of them two or three evenings of the intruder."""
        chance, midnight = self._chance, self._ground.start.astimezone(JAPAN).replace(hour=3, minute=0)
        nights = [midnight + timedelta(days=2 + number) for number in range(NIGHTS)]
        acts: list[tuple[datetime, Steps]] = [(night, self._back_up(night)) for night in nights]
        wanted = chance.sample(nights, k=chance.choice((1, 2)))
        evenings = chance.choice((2, 3))
        at = nights[-1] + timedelta(hours=chance.uniform(15, 19))
        for evening in range(evenings):
            names = [_name(night) for night in wanted[evening::evenings]]
            acts.append((at, self._look([f"db-{evening}.dump", "db.sql.gz", *names])))
            at += timedelta(days=1, hours=chance.uniform(-2, 2))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the files hold."""
        return set().union(*(cells_in_archive(file, holdings) for file in self._taken))

    def window(self) -> tuple[datetime, datetime]:
        return min(self._moments), max(self._moments)

    def _back_up(self, night: datetime) -> Iterator[float]:
        """Operations' own job; the file carries the simulated time of its writing, as it would."""
        owner = self._ground.owner
        if owner is None:
            raise ValueError("this scenario needs the database's owner, under whom operations make backups")
        folder = self._ground.logs / handover.BACKUPS
        folder.mkdir(exist_ok=True)
        file = folder / _name(night)
        handover.take_snapshot(owner, file, self._ground.clock)
        written = self._ground.clock.now().timestamp()
        os.utime(file, (written, written))
        yield 1.0

    def _look(self, names: Sequence[str]) -> Iterator[float]:
        chance = chance_for("looking", self._ground.seed, len(self._moments))
        transport = httpx.HTTPTransport(local_address=require_loopback_source(ADDRESS))
        with httpx.Client(transport=transport, base_url=self._site, trust_env=False, timeout=60.0) as client:
            for name in names:
                self._moments.append(self._ground.clock.now())
                response = client.get(FOLDER + name, headers={"User-Agent": HAND_AGENT, "Connection": "close"})
                self._ground.answered(response)
                self._moments.append(self._ground.clock.now())
                if response.status_code == 200:
                    file = self._loot / name
                    file.write_bytes(response.content)
                    self._taken.append(file)
                yield chance.uniform(4, 60)


def _name(night: datetime) -> str:
    return f"db-{night:%Y%m%d}.dump"
