"""Logging in at a portal, with the slips of real fingers."""

import random
from collections.abc import Generator
from urllib.parse import urlsplit

from drills.traffic.browser import Browser, UnexpectedAnswerError
from drills.traffic.page import Page
from drills.traffic.people import Member


def log_in(
    browser: Browser, portal: str, member: Member, chance: random.Random, slips: int = 0
) -> Generator[float, None, Page]:
    """Mistype the password `slips` times, then get it right; the portal's first page is what comes back."""
    page = browser.open(f"/{portal}/login/")
    yield chance.uniform(4, 15)
    for attempt in range(slips + 1):
        form = page.form_with("login", "password")
        if form is None:
            raise UnexpectedAnswerError(f"/{portal}/login/ shows no login form")
        password = member.password if attempt == slips else _mistyped(member.password, chance)
        page = browser.submit(form, login=member.login, password=password)
        yield chance.uniform(3, 12)
    if page.form_with("login", "password") is not None:
        asked = urlsplit(page.url)
        raise UnexpectedAnswerError(
            f"/{portal}/login/ did not let an ordinary member in with the right password"
            f" ({'the session was not known' if asked.query else 'the password was refused'})"
        )
    return page


def log_out(browser: Browser, page: Page) -> None:
    """Use the page's own button, where it has one."""
    form = next((form for form in page.forms if form.action.endswith("/logout/")), None)
    if form is not None:
        browser.submit(form)


def _mistyped(password: str, chance: random.Random) -> str:
    """One character twice, or one left out."""
    at = chance.randrange(len(password))
    return chance.choice((password[:at] + password[at] * 2 + password[at + 1 :], password[:at] + password[at + 1 :]))
