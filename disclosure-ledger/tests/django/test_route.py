"""The route is the pattern; no value of the path gets into it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.urls import include, path, re_path, resolve

from disclosure_ledger.django.route import route_of


def view(request: Any, *arguments: Any, **named: Any) -> None:
    raise NotImplementedError


class UrlConfiguration(SimpleNamespace):
    __hash__ = object.__hash__


@pytest.mark.parametrize(
    ("pattern", "requested", "route"),
    [
        (path("", view), "/", "/"),
        (path("mypage/policies/<int:key>/", view), "/mypage/policies/4711/", "/mypage/policies/{key}/"),
        (path("a/<slug>/b/<uuid:id>", view), "/a/x/b/00000000-0000-0000-0000-000000000000", "/a/{slug}/b/{id}"),
        (path("staff/", include([path("clinics/<int:key>/", view)])), "/staff/clinics/3/", "/staff/clinics/{key}/"),
        (re_path(r"^staff/(?P<key>\d+)/$", view), "/staff/12/", "/staff/{key}/"),
        (re_path(r"^a/(?P<key>(x|y)[)]*)/b\.html$", view), "/a/x/b.html", "/a/{key}/b.html"),
        (re_path(r"^a/(\d+)/?$", view), "/a/7", "/a/{}/?"),
        (re_path(r"\Aa/(?:b/)?(?P<no>\d+)\Z", view), "/a/7", "/a/b/{no}"),
        (re_path(r"^a/(?!x)(?P<no>\w+)$", view), "/a/yz", "/a/{no}"),
        (re_path(r"^v/", include([path("<int:key>/", view)])), "/v/9/", "/v/{key}/"),
    ],
)  # fmt: skip
def test_a_pattern_is_written_with_its_parameters_in_braces(pattern: Any, requested: str, route: str) -> None:
    request = HttpRequest()
    request.resolver_match = resolve(requested, UrlConfiguration(urlpatterns=[pattern]))
    assert route_of(request) == route


def test_where_no_pattern_matched_there_is_no_route() -> None:
    assert route_of(HttpRequest()) is None
