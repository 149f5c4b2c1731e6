"""The staff console: calls answered, claims handled, injured third parties negotiated with."""

import random
from collections.abc import Generator

from drills.traffic.browser import Browser
from drills.traffic.page import Page
from drills.traffic.plan import Visit
from drills.traffic.schedule import Steps
from drills.traffic.visits.contact import SEARCHED_NAMES
from drills.traffic.visits.login import log_in, log_out

_NOTES = (
    "電話。通院状況を確認した。次回は診断書の到着後に連絡する。",
    "治療費の領収書を受け取った。交通費の明細を依頼した。",
    "示談案を説明した。家族と相談のうえ返答するとのこと。",
    "不在。留守番電話に折り返しの依頼を残した。",
    "見舞いの品の受領について礼の電話があった。",
)


def answer_call(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """Log in, then for one to three callers: search by name, open one record, sometimes two."""
    page = yield from log_in(browser, "staff", visit.account, chance, slips=int(chance.random() < 0.05))
    for _ in range(chance.randint(1, 3)):
        area, details = chance.choices(
            (
                ("/staff/policyholders/", ("/staff/policyholders/",)),
                ("/staff/prospects/", ("/staff/quotes/", "/staff/brochure-requests/")),
                ("/staff/agencies/", ("/staff/agencies/",)),
            ),
            (8, 4, 1),
        )[0]
        page = yield from _search(browser, area, chance)
        found = [link for prefix in details for link in page.links_under(prefix)]
        for path in chance.sample(found, k=min(len(found), chance.choice((1, 1, 2)))):
            page = browser.open(path)
            yield chance.uniform(40, 200)
    if chance.random() < 0.5:
        log_out(browser, page)


def handle_claim(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """Look at a policyholder and a clinic; sometimes check the bank account that is paid to."""
    yield from log_in(browser, "staff", visit.account, chance)
    for area in chance.sample(("/staff/policyholders/", "/staff/clinics/"), k=chance.randint(1, 2)):
        page = yield from _search(browser, area, chance)
        found = page.links_under(area)
        if found:
            page = browser.open(chance.choice(found))
            yield chance.uniform(60, 240)
            form = page.form_with("purpose")
            if form is not None and chance.random() < 0.3:
                browser.submit(form, purpose="payment_check")
                yield chance.uniform(15, 60)


def negotiate(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    """Open one or two injured third parties; note what was said."""
    yield from log_in(browser, "staff", visit.account, chance)
    page = browser.open("/staff/liability/")
    yield chance.uniform(5, 30)
    found = page.links_under("/staff/injured-third-parties/")
    for path in chance.sample(found, k=min(len(found), chance.randint(1, 2))):
        page = browser.open(path)
        yield chance.uniform(90, 400)
        form = page.form_with("body")
        if form is not None and chance.random() < 0.6:
            browser.submit(form, body=chance.choice(_NOTES))
            yield chance.uniform(10, 40)


def _search(browser: Browser, area: str, chance: random.Random) -> Generator[float, None, Page]:
    page: Page = browser.open(area)
    yield chance.uniform(3, 15)
    form = page.form_with("q")
    if form is not None:
        page = browser.submit(form, q="動物" if area == "/staff/clinics/" else chance.choice(SEARCHED_NAMES))
        yield chance.uniform(5, 25)
    return page
