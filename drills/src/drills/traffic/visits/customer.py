"""Policyholders at My Page: they look, now and then claim for a treatment, move house or change their telephone."""

import random
from collections.abc import Generator
from datetime import timedelta

from drills.traffic.browser import Browser
from drills.traffic.page import Page
from drills.traffic.plan import Visit
from drills.traffic.schedule import Steps
from drills.traffic.visits.contact import new_address, new_phone
from drills.traffic.visits.login import log_in, log_out

_DIAGNOSES = ("外耳炎", "膀胱炎", "下痢", "皮膚炎", "膝蓋骨脱臼", "歯周病", "異物誤飲", "結膜炎")


def look_around(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """One in five mistypes the password, once or twice."""
    slips = chance.choice((1, 1, 2)) if chance.random() < 0.2 else 0
    page = yield from log_in(browser, "mypage", visit.account, chance, slips)
    places = ["/mypage/profile/", "/mypage/claims/", *page.links_under("/mypage/policies/")]
    for path in chance.sample(places, k=min(len(places), chance.randint(1, 3))):
        page = browser.open(path)
        yield chance.uniform(8, 70)
    what = chance.random()
    if what < 0.12:
        page = yield from _change_contact(browser, chance)
    elif what < 0.24:
        page = yield from _claim(browser, visit, chance)
    if chance.random() < 0.4:
        log_out(browser, page)


def look_briefly(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """Somebody awake at night: one look, nothing else."""
    yield from log_in(browser, "mypage", visit.account, chance)
    browser.open(chance.choice(("/mypage/profile/", "/mypage/claims/")))


def _change_contact(browser: Browser, chance: random.Random) -> Generator[float, None, Page]:
    page = browser.open("/mypage/profile/edit/")
    yield chance.uniform(25, 90)
    form = page.form_with("address", "phone")
    if form is not None:
        moved = chance.random() < 0.5
        page = browser.submit(form, **(new_address(chance) if moved else {"phone": new_phone(chance)}))
        yield chance.uniform(4, 20)
    return page


def _claim(browser: Browser, visit: Visit, chance: random.Random) -> Generator[float, None, Page]:
    page: Page = browser.open("/mypage/claims/new/")
    yield chance.uniform(40, 160)
    form = page.form_with("policy", "diagnosis")
    if form is not None and form.choices.get("policy"):
        treated_on = (visit.at - timedelta(days=chance.randint(1, 12))).date().isoformat()
        page = browser.submit(
            form,
            policy=chance.choice(form.choices["policy"]),
            diagnosis=chance.choice(_DIAGNOSES),
            treated_on=treated_on,
            amount_billed=str(chance.randint(20, 600) * 100),
        )
        yield chance.uniform(4, 20)
    return page
