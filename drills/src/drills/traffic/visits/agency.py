"""Agencies look at the policies that they sold."""

import random

from drills.traffic.browser import Browser
from drills.traffic.plan import Visit
from drills.traffic.schedule import Steps
from drills.traffic.visits.login import log_in, log_out


def look_at_policies(browser: Browser, visit: Visit, chance: random.Random) -> Steps:
    yield from log_in(browser, "agency", visit.account, chance, slips=int(chance.random() < 0.1))
    page = browser.open("/agency/policies/")
    yield chance.uniform(10, 60)
    found = page.links_under("/agency/policies/")
    for path in chance.sample(found, k=min(len(found), chance.randint(1, 3))):
        page = browser.open(path)
        yield chance.uniform(20, 120)
    log_out(browser, page)
