"""What every answer carries, and what the logs of the application never hold."""

import logging

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import path

from petinsurance.urls import urlpatterns as site
from petinsurance.value_free_logging import ValueFreeFormatter


def test_no_script_runs_and_nothing_comes_from_elsewhere(browser) -> None:
    answer = browser().get("/")
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer["Cache-Control"] == "no-store"
    assert "script" not in answer.content.decode()


def test_cookies_travel_by_https_only_and_no_script_reads_them(browser, account, policyholder) -> None:
    account("policyholder", "hanako@example.jp", "neko-no-te", policyholder=policyholder)
    client = browser()
    client.post("/mypage/login/", {"login": "hanako@example.jp", "password": "neko-no-te"})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert client.cookies["sessionid"]["max-age"] == 1800


def test_plain_http_is_redirected(db, ledger, client) -> None:
    assert client.get("/mypage/").url == "https://testserver/mypage/"


def test_a_form_without_its_token_is_refused(db, ledger, browser) -> None:
    client = browser()
    client.handler.enforce_csrf_checks = True
    answer = client.post("/brochure/", {"name": "x"})
    assert answer.status_code == 403
    assert "フォームの有効期限が切れています" in answer.content.decode()


def test_a_page_that_cannot_be_recorded_is_not_shown(browser, account, policyholder, settings, tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.DISCLOSURE_LEDGER = settings.DISCLOSURE_LEDGER | {"DIRECTORY": str(tmp_path / "file" / "ledger")}
    client = browser(account("policyholder", policyholder=policyholder))
    answer = client.get("/mypage/profile/")
    assert answer.status_code == 503
    assert "090-1234-5678" not in answer.content.decode()
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("page", ["/mypage/policies/999999/", "/no-such-page/"])
def test_what_is_not_there_is_said_in_our_own_words(browser, account, policyholder, page: str) -> None:
    answer = browser(account("policyholder", policyholder=policyholder)).get(page)
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode()


def test_a_failure_shows_and_logs_no_value(browser, settings, policyholder) -> None:
    def insert_twice(request):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO agency SELECT * FROM agency WHERE name = 'みどり保険事務所'")
        return HttpResponse()

    class Broken:
        urlpatterns = (path("broken/", insert_twice), *site)

    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append
    logging.getLogger("django.request").addHandler(handler)
    settings.ROOT_URLCONF = Broken
    client = browser()
    client.raise_request_exception = False
    try:
        answer = client.get("/broken/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert answer.status_code == 500
    assert "ただいま表示できません" in answer.content.decode()
    (record,) = records
    assert isinstance(record.exc_info[1], DatabaseError)
    assert "agency_pkey" in str(record.exc_info[1])
    line = ValueFreeFormatter().format(record)
    assert "IntegrityError" in line
    assert "insert_twice" in line
    assert "already exists" not in line
