"""Enumeration: logged in to one stolen account, the API is asked for one policy after another by its key.

By script, over two or three days, from an address or two; keys are asked in order, some days again, some do not exist.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from drills.chance import chance_for
from drills.scenarios.credentials import SCRIPT_AGENT
from drills.scenarios.intrusion import Ground
from drills.scenarios.recorder import Recorder, recordings, window
from drills.scenarios.wiping import Wiped
from drills.traffic.browser import Browser, UnexpectedAnswerError
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell, cells_in_page
from drills.truth.holdings import Holdings

ADDRESSES = ("127.182.14.9", "127.204.77.31")


class Enumeration:
    """The intruder of `SCENARIO=enumeration`."""

    wiped: Wiped | None = None

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        chance = chance_for("enumeration", ground.seed)
        self.victims: Sequence[Member] = (chance.choice(list(ground.customers)),)
        self.impersonated = self.victims
        self._addresses = ADDRESSES[: chance.choice((1, 2))]
        self._used: set[str] = set()
        self._bodies = ground.folder / "intruder"
        self._recorder = Recorder(self._bodies, ground.clock)

    @property
    def known(self) -> tuple[str, ...]:
        """What the analyst knows from outside: where the provider of the script's machine says it came from."""
        return tuple(f"address={address}" for address in sorted(self._used))

    def acts(self) -> list[tuple[datetime, Steps]]:
        ground = self._ground
        chance = chance_for("enumeration days", ground.seed)
        at = ground.start + timedelta(days=chance.uniform(4.5, 6.5))
        highest = len(ground.policy_numbers) + 5
        acts: list[tuple[datetime, Steps]] = []
        key = chance.randint(1, max(1, highest // 3))
        for _ in range(chance.choice((2, 3))):
            count = chance.randint(60, 140)
            acts.append((at, self._ask(range(key, min(key + count, highest)), chance.choice(self._addresses))))
            key = max(1, key + count - chance.choice((0, 10)))
            at += timedelta(days=chance.uniform(0.8, 2.2))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the answers showed."""
        self._recorder.close()
        return {
            cell
            for recording, body in recordings(self._bodies)
            if recording.status == 200 and recording.path.startswith("/api/")
            for cell in cells_in_page(body, None, holdings)
        }

    def window(self) -> tuple[datetime, datetime]:
        return window([recording.time for recording, _ in recordings(self._bodies)])

    def _ask(self, keys: range, address: str) -> Iterator[float]:
        """Log in, then ask key after key."""
        victim = self.victims[0]
        self._used.add(address)
        chance = chance_for("asking", self._ground.seed, address, keys.start)

        def keep(response):  # type: ignore[no-untyped-def]
            self._ground.answered(response)
            self._recorder.record(response, victim.login)

        browser = Browser(self._ground.site, address, SCRIPT_AGENT, keep)
        form = browser.open("/mypage/login/").form_with("login", "password")
        if form is None:
            raise UnexpectedAnswerError("/mypage/login/ shows no login form")
        browser.submit(form, follow=False, login=victim.login, password=victim.password)
        for key in keys:
            browser.open(f"/api/v1/policies/{key}/", may_fail=True)
            yield chance.uniform(0.1, 1.5)
        browser.close()
