"""The weeks that a drill lives through: installation, ordinary life with an intrusion in it, and the evidence of it.

Simulated time, in Japan: installed on 13 March 2025, alive from 14 March, the intrusion some days later, the snapshot
on 4 April, days after the intrusion's end and with ordinary writing in between.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import petinsurance
from drills import handover, population
from drills.clock import MappedClock
from drills.handover import Handover
from drills.processes import Processes
from drills.scenarios.catalogue import Scenario
from drills.scenarios.intrusion import Ground
from drills.system import PetInsurance
from drills.traffic import visits
from drills.traffic.plan import plan
from drills.traffic.schedule import Schedule
from drills.truth import holdings as held
from drills.truth.bodies import Cell
from drills.truth.forms import JAPAN

PETINSURANCE_INVENTORY = Path(petinsurance.__file__).parent / "inventory.yaml"
INSTALLED = datetime(2025, 3, 13, 21, tzinfo=JAPAN)
START = datetime(2025, 3, 14, tzinfo=JAPAN)
END = datetime(2025, 4, 4, 9, tzinfo=JAPAN)


@dataclass(frozen=True)
class Lived:
    """What a drill's life leaves: the evidence for kakuho, the truth for the score."""

    handed: Handover
    truth: frozenset[Cell]
    window: tuple[datetime, datetime]
    visits: int
    answers: int


def live(
    processes: Processes,
    folder: Path,
    scenario: Scenario,
    scale: float,
    seed: int,
    left_out: tuple[str, ...],
    log_format: str,
    told: Callable[[str, float], None],
) -> Lived:
    """Install, live, be intruded upon, and take the evidence; `told` hears what is going on, and how far it is."""
    folder.chmod(0o755)  # PostgreSQL runs as another user when the drill runs as root
    clock = MappedClock(folder / "clock", INSTALLED)
    system = PetInsurance(processes, clock, folder / "petinsurance")
    holdings = held.Holdings()

    told("合成した契約者の住むペット保険システムを用意 / installing petinsurance with a synthetic population", 0)
    installed = system.install(scale, seed, log_format)
    held.read(holdings, installed.owner_url)
    inhabitants = population.read(installed.owner_url, scale, seed)
    system.stop_database()

    clock.jump_to(START)
    database = system.start_database(system.logs, log_format)
    system.start_web(database, scenario.settings)
    ground = Ground(
        site=system.site,
        start=START,
        end=END,
        seed=seed,
        clock=clock,
        processes=processes,
        folder=folder,
        customers=inhabitants.people.customers,
        policy_numbers=inhabitants.policy_numbers,
        record_counts=inhabitants.record_counts,
        answered=system.answered,
        resettle=system.resettle,
    )
    intrusion = scenario.intrusion(ground)

    def passed(now: datetime) -> None:
        day = now.astimezone(JAPAN)
        told(f"{day:%Y-%m-%d %H時} 日々の利用と侵入 / ordinary life, and an intruder", (now - START) / (END - START))

    schedule = Schedule(clock, system.settle, passed)
    planned = plan(inhabitants.people, START, END, scale, seed, expected=intrusion.victims[::2])
    for visit in planned:
        schedule.add(visit.at, visits.start(visit, system.site, system.answered))
    for at, steps in intrusion.acts():
        schedule.add(at, steps)
    schedule.run()

    told("証拠の収集 / taking the evidence", 1)
    clock.jump_to(END + timedelta(minutes=30))
    snapshot = folder / "snapshot.dump"
    handover.take_snapshot(database.owner_url, snapshot, clock)
    system.stop_web()
    system.stop_database()
    handed = handover.hand_over(
        folder / "evidence", system.logs, snapshot, PETINSURANCE_INVENTORY, scenario.overlay, left_out
    )

    told("侵入者が実際に受け取ったもの / what the intruder truly received", 1)
    database = system.start_database(folder / "petinsurance" / "afterwards-logs", log_format)
    held.read(holdings, database.owner_url)
    system.stop_database()
    return Lived(
        handed=handed,
        truth=frozenset(intrusion.truth(holdings)),
        window=intrusion.window(),
        visits=len(planned),
        answers=system.answers,
    )
