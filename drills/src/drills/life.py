"""The weeks that a drill lives through: installation, ordinary life with an intrusion in it, and the evidence of it.

Simulated time, in Japan: installed on 13 March 2025, alive from 14 March, the intrusion some days later, the snapshot
on 4 April, days after the intrusion's end and with ordinary writing in between.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from drills import handover, population
from drills.clock import MappedClock
from drills.processes import Processes
from drills.scenarios.catalogue import Scenario
from drills.scenarios.intrusion import Ground
from drills.scenarios.wiping import Wiped
from drills.system import PetInsurance
from drills.traffic import visits
from drills.traffic.plan import plan
from drills.traffic.schedule import Schedule
from drills.truth import holdings as held
from drills.truth.forms import JAPAN

FILE_NAME = "lived.json"
INSTALLED = datetime(2025, 3, 13, 21, tzinfo=JAPAN)
START = datetime(2025, 3, 14, tzinfo=JAPAN)
END = datetime(2025, 4, 4, 9, tzinfo=JAPAN)


@dataclass(frozen=True)
class Lived:
    """What a drill's life leaves in its folder: everything a responder could find, and the truth for the score."""

    scenario: str
    scale: float
    seed: int
    logs: str
    snapshot: str
    first: str
    last: str
    visits: int
    answers: int
    truth: list[tuple[str, str]]
    wiped: Wiped | None
    known: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The first and the last moment of the intruder."""
        return datetime.fromisoformat(self.first), datetime.fromisoformat(self.last)

    def write(self, folder: Path) -> None:
        (folder / FILE_NAME).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Lived":
        fields = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        truth = [(subject, item) for subject, item in fields["truth"]]
        wiped = fields.get("wiped")  # not in what an earlier version kept
        asked = {name: tuple(fields.get(name, ())) for name in ("known", "owners")}
        return cls(**fields | {"truth": truth, "wiped": Wiped(**wiped) if wiped else None} | asked)


def live(
    processes: Processes,
    folder: Path,
    scenario: Scenario,
    scale: float,
    seed: int,
    log_format: str,
    told: Callable[[str, float], None],
) -> Lived:
    """Install, live and be intruded upon; `told` hears what is going on, and how far it is."""
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
    database = system.start_database(system.logs, log_format, listens=scenario.database_listens)
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
        staff=(*inhabitants.people.call_centre, *inhabitants.people.adjusters, *inhabitants.people.liability_handlers),
        policy_numbers=inhabitants.policy_numbers,
        record_counts=inhabitants.record_counts,
        answered=system.answered,
        resettle=system.resettle,
        logs=system.logs,
        web_processes=system.web_processes,
        database=database.from_elsewhere,
        owner=database.owner_url,
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

    told("侵入者が実際に受け取ったもの / what the intruder truly received", 1)
    database = system.start_database(folder / "petinsurance" / "afterwards-logs", log_format)
    held.read(holdings, database.owner_url)
    system.stop_database()
    first, last = intrusion.window()
    lived = Lived(
        scenario=scenario.name,
        scale=scale,
        seed=seed,
        logs=system.logs.relative_to(folder).as_posix(),
        snapshot=snapshot.relative_to(folder).as_posix(),
        first=first.isoformat(),
        last=last.isoformat(),
        visits=len(planned),
        answers=system.answers,
        truth=sorted(intrusion.truth(holdings)),
        wiped=intrusion.wiped,
        known=intrusion.known,
        owners=tuple(sorted({f"address={device.address}" for one in intrusion.impersonated for device in one.devices})),
    )
    lived.write(folder)
    return lived
