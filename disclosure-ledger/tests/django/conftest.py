"""A site of a few pages behind the middleware, on a ledger in a temporary directory, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings

from disclosure_ledger import Actor, Event
from disclosure_ledger.verification import proven_events


def actor_of(request: Any) -> Actor:
    return Actor("policyholder", "account:17", subject="policyholder:12")


class UrlConfiguration(SimpleNamespace):
    """A URLconf that is not a module; hashable, since Django caches resolvers by it."""

    __hash__ = object.__hash__


@pytest.fixture
def recorded(directory: Path) -> Callable[[], list[Event]]:
    """All events of the ledger so far."""
    return lambda: list(proven_events(directory, None))


@pytest.fixture
def site(directory: Path) -> Callable[..., AbstractContextManager[None]]:
    """``with site([path(…)], middleware=[…], ACTOR=…):`` serves these URL patterns."""

    @contextmanager
    def serve(urlpatterns: list[Any], *, middleware: list[str] | None = None, **ledger: Any) -> Iterator[None]:
        inner = ["django.contrib.sessions.middleware.SessionMiddleware"] if middleware is None else middleware
        with override_settings(
            ROOT_URLCONF=UrlConfiguration(urlpatterns=urlpatterns),
            ALLOWED_HOSTS=["*"],
            MIDDLEWARE=["disclosure_ledger.django.DisclosureMiddleware", *inner],
            INSTALLED_APPS=["disclosure_ledger.django"],
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            SESSION_ENGINE="django.contrib.sessions.backends.cache",
            CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": directory}},
            DISCLOSURE_LEDGER={"DIRECTORY": directory, "SYSTEM": "petinsurance", "ACTOR": f"{__name__}.actor_of"}
            | ledger,
            USE_TZ=True,
            TIME_ZONE="Asia/Tokyo",
            LANGUAGE_CODE="ja",
            DEBUG=False,
        ):
            yield

    return serve
