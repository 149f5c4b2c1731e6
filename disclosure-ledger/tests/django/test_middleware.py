"""One event a response that shows personal values, and none for any other."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import path

from disclosure_ledger import Actor, Disclosure, Event
from disclosure_ledger.django import DisclosureMiddleware, disclose, disclose_masked, purpose
from disclosure_ledger.verification import proven_events

Recorded = Callable[[], list[Event]]
NAME = "試験 太郎"
KEY = bytes(range(32))


@purpose("self_service")
def profile(request: Any) -> HttpResponse:
    name = disclose(request, "policyholder:12", "name", NAME)
    return HttpResponse(f"{name} {disclose_masked(request, 'policyholder:12', 'bank_account', '****567')}")


def test_a_response_with_values_writes_one_event_without_them(site: Any, recorded: Recorded, directory: Path) -> None:
    with site([path("mypage/<int:key>/", lambda request, key: profile(request))]):
        response = Client().get("/mypage/4711/?q=secret", REMOTE_ADDR="192.0.2.7")
    assert response.content.decode() == "試験 太郎 ****567"
    [event] = recorded()
    assert event.actor == Actor("policyholder", "account:17", subject="policyholder:12")
    assert event.disclosures == (Disclosure("policyholder:12", ["name"], ["bank_account"]),)
    assert (event.address, event.method, event.route) == ("192.0.2.7", "GET", "/mypage/{key}/")
    assert (event.status, event.purpose, event.session) == (200, "self_service", None)
    assert len(event.request) == 32
    written = "".join(path.read_text(encoding="utf-8") for path in directory.iterdir())
    assert not [value for value in ("試験", "567", "4711", "secret") if value in written]


def test_an_answer_of_an_api_is_recorded_with_its_status(site: Any, recorded: Recorded) -> None:
    def create(request: Any) -> JsonResponse:
        return JsonResponse({"phone": disclose(request, "prospect:5", "phone", "000-0000-0000")}, status=201)

    with site([path("api/quotes", create)]):
        Client().post("/api/quotes")
    [event] = recorded()
    assert (event.method, event.status, event.purpose) == ("POST", 201, None)
    assert event.disclosures == (Disclosure("prospect:5", ["phone"]),)


def test_responses_that_disclose_nothing_write_nothing(site: Any, recorded: Recorded) -> None:
    def redirect(request: Any) -> HttpResponse:
        disclose(request, "policyholder:12", "name", NAME)
        return HttpResponseRedirect("/")

    def not_modified(request: Any) -> HttpResponse:
        disclose(request, "policyholder:12", "name", NAME)
        return HttpResponseNotModified()

    def empty(request: Any) -> HttpResponse:
        values: list[Any] = [disclose(request, "policyholder:12", "name", value) for value in (None, "", [])]
        return HttpResponse(f"{values}")

    with site(
        [
            path("public/", lambda request: HttpResponse("ようこそ")),
            path("redirect/", redirect),
            path("not-modified/", not_modified),
            path("empty/", empty),
        ]
    ):
        statuses = [Client().get(f"/{page}/").status_code for page in ("public", "redirect", "not-modified", "empty")]
    assert statuses == [200, 302, 304, 200]
    assert recorded() == []


def test_zero_is_a_value(site: Any, recorded: Recorded) -> None:
    def claims(request: Any) -> HttpResponse:
        return HttpResponse(str(disclose(request, "policyholder:12", "claim_payments", 0)))

    with site([path("claims/", claims)]):
        Client().get("/claims/")
    assert [event.disclosures for event in recorded()] == [(Disclosure("policyholder:12", ["claim_payments"]),)]


def test_head_has_no_body_even_before_the_server_and_writes_nothing(site: Any, recorded: Recorded) -> None:
    with site([]):
        response = DisclosureMiddleware(profile)(RequestFactory().head("/mypage/"))
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response.content) == (200, b"")
    assert recorded() == []


def test_a_redirect_that_carries_values_in_its_body_is_recorded(site: Any, recorded: Recorded) -> None:
    def careless(request: Any) -> HttpResponse:
        return HttpResponse(disclose(request, "policyholder:12", "name", NAME), status=302, headers={"Location": "/"})

    with site([path("careless/", careless)]):
        Client().get("/careless/")
    assert [event.status for event in recorded()] == [302]


def test_what_a_failed_view_had_noted_is_in_no_response(site: Any, recorded: Recorded) -> None:
    def missing(request: Any) -> HttpResponse:
        disclose(request, "policyholder:12", "name", NAME)
        raise Http404

    with site([path("missing/", missing)]):
        assert Client().get("/missing/").status_code == 404
    assert recorded() == []


def test_the_session_is_a_keyed_hash_of_its_key(site: Any, directory: Path) -> None:
    def log_in(request: Any) -> HttpResponse:
        request.session["account"] = 17
        request.session.save()
        return HttpResponse(request.session.session_key)

    with site([path("log-in/", log_in), path("mypage/", profile)], KEY=KEY.hex()):
        client = Client()
        session_key = client.get("/log-in/").content
        client.cookies["sessionid"] = session_key.decode()
        client.get("/mypage/")
    [event] = proven_events(directory, KEY)
    assert event.session == hmac.new(KEY, session_key, hashlib.sha256).hexdigest()[:16]


def test_djangos_cache_does_not_answer_in_place_of_a_recorded_response(site: Any, recorded: Recorded) -> None:
    cache = ["django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware"]
    calls = []

    def page(request: Any) -> HttpResponse:
        calls.append(request.path)
        return profile(request) if request.path == "/mypage/" else HttpResponse("ようこそ")

    with site([path("mypage/", page), path("public/", page)], middleware=cache):
        responses = [Client().get(where) for where in ("/mypage/", "/mypage/", "/public/", "/public/")]
    assert calls == ["/mypage/", "/mypage/", "/public/"]
    assert len(recorded()) == 2
    assert "no-store" in responses[0].headers["Cache-Control"]


def test_asynchronous_views_are_recorded_too(site: Any, recorded: Recorded) -> None:
    @purpose("self_service")
    async def asynchronous(request: Any) -> HttpResponse:
        return HttpResponse(disclose(request, "policyholder:12", "name", NAME))

    async def fetch_both() -> list[int]:
        client = AsyncClient()
        return [(await client.get(where)).status_code for where in ("/async/", "/sync/")]

    with site([path("async/", asynchronous), path("sync/", profile)]):
        assert asyncio.run(fetch_both()) == [200, 200]
    assert [event.route for event in recorded()] == ["/async/", "/sync/"]
    assert {event.purpose for event in recorded()} == {"self_service"}
