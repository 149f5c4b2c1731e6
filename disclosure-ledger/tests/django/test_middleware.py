"""One event a response that shows personal values, and none for any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from disclosure_ledger import Disclosure, Event
from disclosure_ledger.django import disclose, purpose
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

PROFILE = "{% load disclosure %}<p>{% disclose 'policyholder:12' 'name' name %}</p>"


def profile(request: Any) -> HttpResponse:
    page = engines["django"].from_string(
        PROFILE + "{% disclose 'policyholder:12' 'bank_account' '****567' masked=True %}"
    )
    return HttpResponse(page.render({"name": "試験 <太郎>"}, request))


@purpose("self_service")
def policy(request: Any, key: int) -> HttpResponse:
    return HttpResponse(disclose(request, f"policy:{key}", "policy_number", "PI-0001"))


def test_a_page_with_values_writes_one_event_without_them(
    site: Any, recorded: Callable[[], list[Event]], ledger_directory: Any
) -> None:
    with site([path("mypage/profile/", profile)]):
        response = Client().get("/mypage/profile/", REMOTE_ADDR="192.0.2.7")
    assert response.content.decode() == "<p>試験 &lt;太郎&gt;</p>****567"
    [event] = recorded()
    assert event.disclosures == (Disclosure("policyholder:12", ["name"], ["bank_account"]),)
    assert (event.actor.id, event.address, event.method, event.route, event.status, event.session) == (
        "account:17",
        "192.0.2.7",
        "GET",
        "/mypage/profile/",
        200,
        None,
    )
    for segment in ledger_directory.iterdir():
        assert "試験" not in segment.read_text(encoding="utf-8")
