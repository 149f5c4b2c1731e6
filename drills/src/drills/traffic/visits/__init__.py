"""What each kind of visitor does, request by request; `start` picks by the kind that the plan names.

Every visit is a generator that yields the seconds its person pauses before the next click.
"""

from collections.abc import Callable

from drills.chance import chance_for
from drills.traffic.browser import Browser, Recorder
from drills.traffic.plan import Visit
from drills.traffic.schedule import Steps
from drills.traffic.visits import agency, customer, prospect, staff

KINDS: dict[str, Callable[..., Steps]] = {
    "quote": prospect.ask_for_quote,
    "brochure": prospect.ask_for_brochure,
    "customer": customer.look_around,
    "sleepless_customer": customer.look_briefly,
    "call": staff.answer_call,
    "claim": staff.handle_claim,
    "liability": staff.negotiate,
    "agency": agency.look_at_policies,
}


def start(visit: Visit, site: str, answered: Recorder) -> Steps:
    """The steps of a planned visit, with a browser that is closed at their end."""
    browser = Browser(site, visit.device.address, visit.device.user_agent, answered)
    try:
        yield from KINDS[visit.kind](browser, visit, chance_for(visit.kind, visit.seed))
    finally:
        browser.close()
