"""Credential stuffing: a leaked list is tried from a few addresses, and what opens is read, by script and by hand.

About three accounts in a hundred, and at least eight, open. Some are read at once by the script that opened them, some
later by a person with a browser, part of them from an address that never tried a wrong password; some by both, and
some are only found to open and never read.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from drills.chance import chance_for
from drills.scenarios.intrusion import Ground
from drills.scenarios.recorder import Recorder, recordings, window
from drills.scenarios.wiping import Wiped
from drills.traffic.browser import Browser, UnexpectedAnswerError
from drills.traffic.page import Form, Page
from drills.traffic.people import USER_AGENTS
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell, cells_in_page
from drills.truth.holdings import Holdings

STUFFING_ADDRESSES = ("127.180.7.21", "127.180.7.22", "127.201.44.9")
HAND_ADDRESSES = ("127.180.7.22", "127.222.3.77")  # the first has stuffed too, the second never
SCRIPT_AGENT = "python-requests/2.32.3"
HAND_AGENT = USER_AGENTS[1]
WRONG_PER_RIGHT = 12
_PAGES = ("/mypage/profile/", "/mypage/claims/")


@dataclass(frozen=True)
class Attempt:
    """One line of the leaked list."""

    login: str
    password: str
    right: bool = False
    read_by_script: bool = False


class Credentials:
    """The intruder of `SCENARIO=credentials`."""

    wiped: Wiped | None = None
    known: tuple[str, ...] = ()

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chance = chance_for("credentials", ground.seed)
        count = max(8, round(len(ground.customers) * 0.03))
        self.victims = self._chance.sample(list(ground.customers), min(count, len(ground.customers)))
        self.impersonated = self.victims
        self._bodies = ground.folder / "intruder"
        self._recorder = Recorder(self._bodies, ground.clock)

    def acts(self) -> list[tuple[datetime, Steps]]:
        ground, chance = self._ground, self._chance
        first = ground.start + timedelta(days=chance.uniform(4.5, 6.5))
        batches = self._batches()
        acts: list[tuple[datetime, Steps]] = []
        for number, (address, attempts) in enumerate(batches):
            begins = first + timedelta(days=number * chance.uniform(1.5, 3.0))
            acts.append((begins, self._stuff(address, attempts)))
            for attempt in attempts:
                if attempt.right and chance.random() < (0.3 if attempt.read_by_script else 0.75):
                    later = begins + timedelta(hours=chance.uniform(6, 110))
                    acts.append((later, self._read_by_hand(attempt, chance.choice(HAND_ADDRESSES))))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the pages showed. A login form that comes back holds only what the intruder typed into it."""
        self._recorder.close()
        return {
            cell
            for recording, body in recordings(self._bodies)
            if recording.status == 200 and not recording.path.endswith("/login/")
            for cell in cells_in_page(body, recording.login, holdings)
        }

    def window(self) -> tuple[datetime, datetime]:
        return window([recording.time for recording, _ in recordings(self._bodies)])

    def _batches(self) -> list[tuple[str, list[Attempt]]]:
        """The list, shuffled and shared out: right pairs, right logins with another password, and unknown logins."""
        chance, victims = self._chance, self.victims
        attempts = [Attempt(victim.login, victim.password, True, chance.random() < 0.4) for victim in victims]
        for number in range(WRONG_PER_RIGHT * len(victims)):
            if chance.random() < 0.45:
                attempts.append(Attempt(chance.choice(self._ground.customers).login, _old_password(chance)))
            else:
                attempts.append(Attempt(f"{chance.choice(_NAMES)}{number}@example.jp", _old_password(chance)))
        chance.shuffle(attempts)
        addresses = STUFFING_ADDRESSES[: chance.choice((2, 3))]
        size = -(-len(attempts) // len(addresses))
        return [(address, attempts[n * size : (n + 1) * size]) for n, address in enumerate(addresses)]

    def _browser(self, address: str, agent: str, login: "list[str | None]") -> Browser:
        """A browser whose answers are kept, each with the login that is in `login[0]` when it comes."""

        def keep(response):  # type: ignore[no-untyped-def]
            self._ground.answered(response)
            self._recorder.record(response, login[0])

        return Browser(self._ground.site, address, agent, keep)

    def _stuff(self, address: str, attempts: list[Attempt]) -> Iterator[float]:
        """Try pair after pair; a tool does not follow redirects. Where one opens, the script may read on at once."""
        chance = chance_for("stuffing", self._ground.seed, address)
        login: list[str | None] = [None]
        browser = self._browser(address, SCRIPT_AGENT, login)
        form = _login_form(browser)
        for attempt in attempts:
            login[0] = attempt.login
            opened = browser.submit(form, follow=False, login=attempt.login, password=attempt.password).status == 302
            if opened and attempt.read_by_script:
                policies = browser.open("/mypage/").links_under("/mypage/policies/")
                as_data = [path.replace("/mypage/", "/api/v1/") for path in policies if chance.random() < 0.3]
                for path in (*_PAGES, *policies, *as_data):
                    yield chance.uniform(0.15, 0.7)
                    browser.open(path)
            login[0] = None
            if opened:
                browser.close()
                browser = self._browser(address, SCRIPT_AGENT, login)
                form = _login_form(browser)
            yield chance.uniform(0.02, 0.3)
        browser.close()

    def _read_by_hand(self, pair: Attempt, address: str) -> Iterator[float]:
        """Log in and look around as a person does."""
        chance = chance_for("reading", self._ground.seed, address, pair.login)
        login: list[str | None] = [None]
        browser = self._browser(address, HAND_AGENT, login)
        form = _login_form(browser)
        yield chance.uniform(5, 20)
        login[0] = pair.login
        page = browser.submit(form, login=pair.login, password=pair.password)
        if page.form_with("login", "password") is None:
            for path in _way_through(chance, page):
                yield chance.uniform(12, 95)
                page = browser.open(path)
                for detail in page.links_under("/mypage/claims/")[:1]:
                    if detail != "/mypage/claims/new/":
                        yield chance.uniform(6, 40)
                        browser.open(detail)
        browser.close()


def _login_form(browser: Browser) -> Form:
    form = browser.open("/mypage/login/").form_with("login", "password")
    if form is None:
        raise UnexpectedAnswerError("/mypage/login/ shows no login form")
    return form


def _way_through(chance: random.Random, home: Page) -> list[str]:
    policies = home.links_under("/mypage/policies/")
    wanted = [*chance.sample((*_PAGES, "/mypage/profile/edit/"), k=chance.randint(1, 2))]
    wanted += policies[: chance.randint(0, 3)]
    chance.shuffle(wanted)
    return wanted


def _old_password(chance: random.Random) -> str:
    return chance.choice(_WORDS) + str(chance.randint(1, 9999))


_NAMES = ("tanaka", "suzuki", "y.sato", "neko", "pochi", "hanako", "info", "k-ito", "kobayashi", "momo")
_WORDS = ("password", "sakura", "qwerty", "pochi", "Summer", "hanako", "iloveyou", "neko", "baseball", "abc")
