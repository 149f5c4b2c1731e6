"""Every personal value on every page is in the disclosure ledger, and the ledger claims nothing that is not there.

Each personal column of the database, as the inventory lists them, gets a canary: a value that stands nowhere else. Then
every address of the site is asked for by every role, with every record's key, by GET and by POST.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.db import models
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver
from django.urls import path as url
from django.utils.dateformat import format as formatted

import petinsurance
from petinsurance.accounts.models import Account, Role
from petinsurance.banking.models import BankAccount
from petinsurance.claims.models import Claim
from petinsurance.liability.models import InjuredThirdParty, NegotiationEntry
from petinsurance.partners.models import Agency, Clinic
from petinsurance.policies.models import Policy
from petinsurance.policyholders.models import Policyholder
from petinsurance.quotes.models import BrochureRequest, Quote
from petinsurance.subjects import subject_of

INVENTORY = yaml.safe_load((Path(petinsurance.__file__).parent / "inventory.yaml").read_text(encoding="utf-8"))
COLLECTIONS = {one["name"]: one for one in INVENTORY["dataset"][0]["collections"]}
ROUTES = [path for path in INVENTORY["access_paths"] if path["kind"] == "route"]
COMMON = "㿿"
"""In every name and reading, so that one search finds everybody without repeating a canary."""
POSTED = {"q": COMMON, "purpose": "payment_check"}
"""What a POST carries: enough to search and to reveal, and for every other form a mistake, which shows it again."""
KEYS_OF = {
    "policies": Policy,
    "claims": Claim,
    "policyholders": Policyholder,
    "quotes": Quote,
    "brochure-requests": BrochureRequest,
    "injured-third-parties": InjuredThirdParty,
    "clinics": Clinic,
    "agencies": Agency,
}


class Canaries:
    """Hands out canaries and remembers whose item each is: canary as shown → (subject, item)."""

    def __init__(self) -> None:
        self.cell_of: dict[str, tuple[str, str]] = {}
        self.shared: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def put(self, record: models.Model, subject: str) -> None:
        """Fill every personal column of ``record``."""
        for field in COLLECTIONS[record._meta.db_table]["fields"]:
            item = field.get("kakuho", {}).get("item")
            if item is not None:
                column = record._meta.get_field(field["name"])
                value, shown = self._draw(column, item)
                setattr(record, field["name"], value)
                if column.choices:
                    self.shared[shown] = item
                else:
                    self.cell_of[shown] = (subject, item)
        record.save()

    def seen_in(self, body: str) -> set[tuple[str, str]]:
        """The cells whose canary is in the body."""
        return {cell for canary, cell in self.cell_of.items() if canary in body}

    def shared_seen_in(self, body: str) -> set[str]:
        """The items of which a word of a fixed choice is in the body; whose, a word does not tell."""
        return {item for word, item in self.shared.items() if word in body}

    def _draw(self, column: models.Field, item: str) -> tuple[object, str]:
        number = next(self._numbers)
        if column.choices:
            value, label = column.choices[-1]
            return value, label
        match column:
            case models.DateTimeField():
                moment = datetime(1930, 1, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo")) + timedelta(days=number)
                return moment, formatted(moment, "Y年n月j日 H:i")
            case models.DateField():
                day = date(1900, 1, 1) + timedelta(days=number)
                return day, formatted(day, "Y年n月j日")
            case models.IntegerField():
                return 1_000_000 + number * 1_111, f"{1_000_000 + number * 1_111:,}円"
            case models.CharField() | models.TextField():
                canary = chr(0x3400 + number) * min(column.max_length or 4, 4)
                common = COMMON if column.name in ("name", "kana") else ""
                padding = "567" if column.name == "account_number" else ""
                if column.name == "postal_code":
                    return canary + padding, f"{canary[:3]}-{canary[3:]}"
                return common + canary + padding, canary
        raise NotImplementedError(column)


@pytest.fixture
def canaries(policyholder, stranger, injured, clinic) -> Canaries:
    drawn = Canaries()
    claim = policyholder.policies.get().claims.get()
    contact = {"name": "-", "created_at": claim.updated_at}
    Quote.objects.create(**contact, reference="Q1", pet_age_years=1, plan=50, monthly_premium=1640)
    BrochureRequest.objects.create(**contact)
    for policy in Policy.objects.all():
        Account.objects.create(
            login=f"-{policy.pk}", role=Role.POLICYHOLDER, policyholder=policy.policyholder, created_at=claim.updated_at
        )
    for model in (Policyholder, Quote, BrochureRequest, InjuredThirdParty, Clinic, Agency):
        for record in model.objects.all():
            drawn.put(record, subject_of(record))
    for policy in Policy.objects.all():
        drawn.put(policy, subject_of(policy.policyholder))
    for claim in Claim.objects.all():
        drawn.put(claim, subject_of(claim.policy.policyholder))
    drawn.put(NegotiationEntry(claim=policyholder.policies.get().claims.get()), subject_of(policyholder))
    drawn.put(NegotiationEntry(injured_third_party=injured), subject_of(injured))
    for bank in BankAccount.objects.all():
        drawn.put(bank, subject_of(bank.policyholder or bank.injured_third_party or bank.clinic or bank.agency))
    for login in Account.objects.filter(role=Role.POLICYHOLDER):
        drawn.put(login, subject_of(login.policyholder))
    return drawn


@pytest.fixture
def visitors(canaries, browser, account, policyholder) -> dict[str, object]:
    """One of each role; the public visitor has just asked for the quote."""
    public = browser()
    session = public.session
    session["quote"] = Quote.objects.get().pk
    session.save()
    public.cookies["sessionid"] = session.session_key
    staff = {role: browser(account(role)) for role in ("call_centre", "adjuster", "liability_handler")}
    return staff | {
        "public": public,
        "policyholder": browser(policyholder.account),
        "agency": browser(account("agency", agency=policyholder.agency)),
    }


def addresses() -> Iterator[str]:
    """Every path of the site, with every key that it can have."""
    for pattern in patterns(get_resolver().url_patterns):
        path = "/" + pattern
        if "<int:key>" not in path:
            yield path
            continue
        model = next(model for word, model in KEYS_OF.items() if f"/{word}/" in path)
        yield from (path.replace("<int:key>", str(key)) for key in model.objects.values_list("pk", flat=True))


def patterns(resolvers, before: str = "") -> Iterator[str]:
    for one in resolvers:
        here = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here
        else:
            yield from patterns(one.url_patterns, here)


def route_of(method: str, path: str) -> dict:
    (found,) = [one for one in ROUTES if method in one["methods"] and re.search(one["path"], path)]
    return found


def allowed_by_inventory(route: dict, kind: str) -> set[tuple[str, str]]:
    """(collection, item) pairs that the inventory lets a page show, in full (`items`) or masked."""
    allowed = set()
    for shows in route.get("shows", []):
        collection = shows.get("collection") or shows["subject"].split(":")[0]
        collection = {"principal": route.get("principal"), "policy": "policyholder"}.get(collection, collection)
        allowed |= {(collection, item) for item in shows.get(kind, [])}
    return allowed


def noted(events: list[dict], kind: str = "items") -> set[tuple[str, str]]:
    """(subject, item) pairs that the ledger has, in full (`items`) or masked."""
    return {(entry["subject"], item) for event in events for entry in event["disclosures"] for item in entry[kind]}


def by_collection(cells: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(subject.split(":")[0], item) for subject, item in cells}


def test_every_canary_on_every_page_is_in_the_ledger(canaries, visitors, ledger) -> None:
    answered: set[str] = set()
    for (role, visitor), path, method in itertools.product(visitors.items(), list(addresses()), ("GET", "POST")):
        if path.endswith(("/logout/", "/login/")):
            continue
        before = len(ledger.events())
        answer = visitor.get(path) if method == "GET" else visitor.post(path, POSTED)
        events = ledger.events()[before:]
        where = f"{method} {path} as {role}"
        seen, in_full = canaries.seen_in(answer.content.decode()), noted(events)
        assert seen <= in_full, f"{where} shows what the ledger does not have: {sorted(seen - in_full)}"
        claimed = {cell for cell in in_full if cell[1] != "gender"}
        assert claimed <= seen, f"the ledger claims what {where} does not show: {sorted(claimed - seen)}"
        if events:
            assert canaries.shared_seen_in(answer.content.decode()) <= {item for _, item in in_full}, where
            route = route_of(method, path)
            assert by_collection(in_full) <= allowed_by_inventory(route, "items"), where
            assert by_collection(noted(events, "masked")) <= allowed_by_inventory(route, "masked"), where
        if answer.status_code == 200:
            answered.add(route_of(method, path)["id"])
    silent = {route["id"] for route in ROUTES if route.get("shows")} - answered
    assert not silent, f"no role got an answer from {silent}, so nothing was tested there"


def test_every_item_stands_on_some_page(canaries, visitors, ledger) -> None:
    """Else the test above would pass on a site that shows nothing."""
    for path in addresses():
        visitors["liability_handler"].get(path)
        if path.endswith("/bank-account/"):
            visitors["liability_handler"].post(path, POSTED)
    assert {item for _, item in noted(ledger.events())} == {item["id"] for item in INVENTORY["items"]}


def test_a_page_that_forgets_the_ledger_is_caught(canaries, visitors, policyholder, ledger, settings) -> None:
    class Forgetful:
        urlpatterns = (url("forgetful/", lambda request: HttpResponse(f"Tel. {request.user.policyholder.phone}")),)

    settings.ROOT_URLCONF = Forgetful
    body = visitors["policyholder"].get("/forgetful/").content.decode()
    assert canaries.seen_in(body) - noted(ledger.events()) == {(subject_of(policyholder), "phone")}
