"""Visitors without an account: they ask for a quote or a brochure, or only look."""

import random
from datetime import date, timedelta

from drills.traffic.browser import Browser
from drills.traffic.page import Form, Page
from drills.traffic.plan import Visit
from drills.traffic.schedule import Steps
from drills.traffic.visits.contact import somebody


def ask_for_quote(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """One in six leaves before the form is sent; one in five asks again for another plan."""
    if chance.random() < 0.5:
        browser.open("/")
        yield chance.uniform(5, 40)
    page = browser.open("/quote/")
    yield chance.uniform(40, 180)
    if chance.random() < 1 / 6:
        return
    person = somebody(chance, visit.at.date())
    yield from _send(browser, page, person | _pet(page, chance), chance)
    if chance.random() < 0.2:
        page = browser.open("/quote/")
        yield chance.uniform(15, 60)
        yield from _send(browser, page, person | _pet(page, chance), chance)


def ask_for_brochure(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    page = browser.open("/brochure/")
    yield chance.uniform(30, 150)
    if chance.random() < 0.1:
        return
    yield from _send(browser, page, somebody(chance, visit.at.date()), chance)


def _send(browser: Browser, page: Page, answers: dict[str, str], chance: random.Random) -> Steps:
    form = page.form_with("name", "kana")
    if form is not None:
        answered = browser.submit(form, **{name: value for name, value in answers.items() if _asked(form, name)})
        if answered.path == page.path:
            raise ValueError(f"{page.path} did not accept an ordinary visitor's answers")
        yield chance.uniform(5, 60)


def _asked(form: Form, name: str) -> bool:
    return name in form.values or name in form.choices


def _pet(page: Page, chance: random.Random) -> dict[str, str]:
    form = page.form_with("rating_class")
    names = ("rating_class", "pet_age_years", "plan", "pets")
    return {name: chance.choice(form.choices[name]) for name in names if form and form.choices.get(name)}


def days_before(day: date, days: int) -> str:
    """A date as a browser's date field sends it."""
    return (day - timedelta(days=days)).isoformat()
