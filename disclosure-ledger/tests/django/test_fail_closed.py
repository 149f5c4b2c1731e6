"""What cannot be recorded does not leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from disclosure_ledger import Actor, Event
from disclosure_ledger.django import disclose
from disclosure_ledger.errors import InvalidNoteError, NoCollectionError

Recorded = Callable[[], list[Event]]
NAME = "試験 太郎"


def profile(request: Any) -> HttpResponse:
    response = HttpResponse(disclose(request, "policyholder:12", "name", NAME))
    response.headers["X-Name"] = "TARO"
    return response


PAGES = [path("mypage/", profile), path("public/", lambda request: HttpResponse("ようこそ"))]


def test_when_the_disk_is_full_the_page_becomes_a_503_without_the_values(
    site: Any, recorded: Recorded, directory: Path, full_disk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with site(PAGES):
        client = Client()
        assert client.get("/mypage/").status_code == 200
        size = max(file.stat().st_size for file in directory.iterdir())
        with full_disk(size):
            refused, public = client.get("/mypage/"), client.get("/public/")
        again = client.get("/mypage/")
    assert refused.status_code == 503
    assert NAME not in refused.content.decode()
    assert "ただいまこのページを表示できません" in refused.content.decode()
    assert "X-Name" not in refused.headers
    assert (public.status_code, again.status_code) == (200, 200)
    assert [event.seq for event in recorded()] == [1, 2]
    assert "cannot be written" in caplog.text
    assert NAME not in caplog.text


def test_a_ledger_that_cannot_be_opened_closes_only_the_pages_with_values(
    site: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with site(PAGES, DIRECTORY=tmp_path / "file" / "ledger"):
        assert Client().get("/public/").status_code == 200
        assert Client().get("/mypage/").status_code == 503
        (tmp_path / "file").unlink()
        assert Client().get("/mypage/").status_code == 200


def failing_actor(request: Any) -> Actor:
    raise LookupError(NAME)


def test_without_an_actor_there_is_no_page_and_no_value_in_the_log(
    site: Any, recorded: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    with site(PAGES, ACTOR=f"{__name__}.failing_actor"):
        assert Client().get("/mypage/").status_code == 503
    assert recorded() == []
    assert "LookupError at " in caplog.text
    assert NAME not in caplog.text


def test_an_actor_of_another_type_is_refused(site: Any, caplog: pytest.LogCaptureFixture) -> None:
    with site(PAGES, ACTOR="builtins.id"):
        assert Client().get("/mypage/").status_code == 503
    assert "TypeError" in caplog.text


def test_a_value_where_a_subject_belongs_is_an_error_that_does_not_repeat_it(site: Any, recorded: Recorded) -> None:
    def mistaken(request: Any) -> HttpResponse:
        return HttpResponse(disclose(request, NAME, "name", "policyholder:12"))

    with site([path("mistaken/", mistaken)]), pytest.raises(InvalidNoteError) as refusal:
        Client().get("/mistaken/")
    assert NAME not in str(refusal.value)
    assert recorded() == []


def test_without_the_middleware_a_value_cannot_be_shown() -> None:
    with pytest.raises(NoCollectionError, match="DisclosureMiddleware first in MIDDLEWARE"):
        profile(RequestFactory().get("/mypage/"))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"ACTOR": "nowhere.at_all"}, "DISCLOSURE_LEDGER: No module named 'nowhere'"),
        ({"KEY": "not hexadecimal"}, "must be hexadecimal"),
        ({"DIRECTORY": ""}, "DISCLOSURE_LEDGER: empty: DIRECTORY"),
        ({"DIRECTORI": "x"}, "missing or unknown: DIRECTORI"),
    ],
)
def test_a_wrong_setting_keeps_the_server_from_starting(site: Any, setting: dict[str, str], message: str) -> None:
    with site(PAGES, **setting), pytest.raises(ImproperlyConfigured, match=message):
        Client().get("/public/")
