"""A site of a few pages, on a ledger in a temporary directory, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from disclosure_ledger import Actor, Event
from disclosure_ledger.verification import proven_events
from django.test import override_settings

Site = Callable[..., Any]


def actor_of(request: Any) -> Actor:
    return Actor("policyholder", "account:17", subject="policyholder:12")


@pytest.fixture
def ledger_directory(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def recorded(ledger_directory: Path) -> Callable[[], list[Event]]:
    """All events of the ledger so far."""
    return lambda: list(proven_events(ledger_directory, None))


@pytest.fixture
def site(ledger_directory: Path) -> Site:
    """``with site([path(…)]):`` serves these URL patterns behind the middleware."""

    @contextmanager
    def serve(urlpatterns: list[Any], *, middleware: tuple[str, ...] = (), **ledger: Any) -> Iterator[None]:
        setting = {
            "DIRECTORY": ledger_directory,
            "SYSTEM": "petinsurance",
            "ACTOR": f"{__name__}.actor_of",
        } | ledger
        with override_settings(
            ROOT_URLCONF=SimpleUrlconf(urlpatterns),
            ALLOWED_HOSTS=["*"],
            MIDDLEWARE=["disclosure_ledger.django.DisclosureMiddleware", *middleware],
            INSTALLED_APPS=["disclosure_ledger.django"],
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            SESSION_ENGINE="django.contrib.sessions.backends.cache",
            DISCLOSURE_LEDGER=setting,
            CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            USE_TZ=True,
            TIME_ZONE="Asia/Tokyo",
            LANGUAGE_CODE="ja",
            LOGGING_CONFIG=None,
            DEBUG=False,
        ):
            yield

    return serve


class SimpleUrlconf(SimpleNamespace):
    """A URLconf that need not be a module; hashable, as Django's resolver cache wants it."""

    def __init__(self, urlpatterns: list[Any]) -> None:
        super().__init__(urlpatterns=urlpatterns)

    def __hash__(self) -> int:
        return id(self)
