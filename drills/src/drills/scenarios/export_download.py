"""Export: a member of staff is phished, and the staff's CSV download is used from elsewhere.

A few downloads of some hundred rows on two or three evenings, with a look at the console before. The member of staff
goes on working from the office.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from drills.chance import chance_for
from drills.scenarios.credentials import HAND_AGENT
from drills.scenarios.intrusion import Ground
from drills.scenarios.recorder import Recorder, recordings, window
from drills.scenarios.wiping import Wiped
from drills.traffic.browser import Browser, UnexpectedAnswerError
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell
from drills.truth.dumps import UnreadableDumpError
from drills.truth.holdings import Holdings
from drills.truth.items import ITEM_OF

ADDRESS = "127.205.40.88"
EXPORT = "/staff/export/policyholders.csv"


class ExportDownload:
    """The intruder of `SCENARIO=export-download`."""

    victims: Sequence[Member] = ()
    wiped: Wiped | None = None
    known: tuple[str, ...] = (f"address={ADDRESS}",)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chance = chance_for("export", ground.seed)
        self._member = self._chance.choice(list(ground.staff))
        self.impersonated: Sequence[Member] = (self._member,)
        self._bodies = ground.folder / "intruder"
        self._recorder = Recorder(self._bodies, ground.clock)

    def acts(self) -> list[tuple[datetime, Steps]]:
        chance = self._chance
        at = self._ground.start + timedelta(days=chance.uniform(4.5, 6.5))
        highest = self._ground.record_counts["policyholder"]
        acts: list[tuple[datetime, Steps]] = []
        for _ in range(chance.choice((2, 3))):
            first = chance.randint(1, max(1, highest - 50))
            acts.append((at, self._download(first, min(highest, first + chance.randint(40, 300)))))
            at += timedelta(days=chance.uniform(0.9, 2.1))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the files hold."""
        self._recorder.close()
        cells: set[Cell] = set()
        for recording, body in recordings(self._bodies):
            if recording.status != 200 or not recording.path.startswith(EXPORT):
                continue
            for record in csv.DictReader(io.StringIO(body)):
                row = holdings.rows.get(("policyholder", record["id"]))
                if row is None:
                    raise UnreadableDumpError(f"{recording.path}: a row that was never in the database")
                cells |= {
                    (row.subject, ITEM_OF["policyholder"][column])
                    for column, value in record.items()
                    if column in ITEM_OF["policyholder"] and value
                }
        return cells

    def window(self) -> tuple[datetime, datetime]:
        return window([recording.time for recording, _ in recordings(self._bodies)])

    def _download(self, first: int, last: int) -> Iterator[float]:
        chance = chance_for("downloading", self._ground.seed, first)

        def keep(response):  # type: ignore[no-untyped-def]
            self._ground.answered(response)
            self._recorder.record(response, self._member.login)

        browser = Browser(self._ground.site, ADDRESS, HAND_AGENT, keep)
        form = browser.open("/staff/login/").form_with("login", "password")
        if form is None:
            raise UnexpectedAnswerError("/staff/login/ shows no login form")
        yield chance.uniform(4, 15)
        browser.submit(form, login=self._member.login, password=self._member.password)
        yield chance.uniform(5, 40)
        browser.open(EXPORT, first=str(first), last=str(last))
        yield chance.uniform(20, 90)
        browser.close()
