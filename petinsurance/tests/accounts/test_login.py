"""Logging in and out, and what happens to who guesses."""

from datetime import timedelta

import pytest
from django.db.models import F

from petinsurance.lockout.models import LoginFailure

PASSWORD = "neko-no-te-mo-karitai"


@pytest.fixture
def login(browser, account, policyholder):
    account("policyholder", "hanako@example.jp", PASSWORD, policyholder=policyholder)
    client = browser()

    def attempt(password: str, login: str = "hanako@example.jp", portal: str = "mypage", **more: str):
        return client.post(f"/{portal}/login/", {"login": login, "password": password, **more})

    attempt.client = client
    return attempt


def test_the_right_password_opens_my_page(login) -> None:
    answer = login(PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/mypage/")
    assert login.client.get("/mypage/").status_code == 200


def test_a_wrong_password_answers_200_and_does_not_say_what_was_wrong(login) -> None:
    known, unknown = login("wrong"), login("wrong", login="nobody@example.jp")
    assert (known.status_code, unknown.status_code) == (200, 200)
    message = "ログインIDまたはパスワードが正しくありません。"
    assert message in known.content.decode()
    assert message in unknown.content.decode()
    assert login.client.get("/mypage/").status_code == 302


def test_five_failures_lock_the_login_even_for_the_right_password(login) -> None:
    for _ in range(5):
        login("wrong")
    answer = login(PASSWORD)
    assert answer.status_code == 200
    assert "しばらくの間ログインできません" in answer.content.decode()


def test_the_lock_opens_after_a_quarter_of_an_hour(login) -> None:
    for _ in range(5):
        login("wrong")
    for failure in LoginFailure.objects.all():
        failure.failed_at -= timedelta(minutes=15)
        failure.save()
    assert login(PASSWORD).status_code == 302


def test_a_login_that_does_not_exist_is_locked_as_well(login) -> None:
    for _ in range(5):
        login("wrong", login="nobody@example.jp")
    assert "しばらくの間ログインできません" in login("wrong", login="Nobody@example.jp").content.decode()


def test_success_forgets_the_failures_before_it(login) -> None:
    for _ in range(4):
        login("wrong")
    login(PASSWORD)
    assert not LoginFailure.objects.exists()


def test_failures_that_no_longer_count_are_not_kept(login) -> None:
    login("wrong", login="nobody@example.jp")
    LoginFailure.objects.update(failed_at=F("failed_at") - timedelta(minutes=15))
    login("wrong")
    assert LoginFailure.objects.count() == 1


def test_a_failure_keeps_no_login_name(login) -> None:
    login("wrong")
    assert "hanako" not in LoginFailure.objects.get().login_digest


def test_an_account_of_another_portal_is_refused(login, account) -> None:
    account("call_centre", "S0001", PASSWORD)
    assert login(PASSWORD, portal="staff").status_code == 200
    assert login(PASSWORD, login="S0001").status_code == 200
    assert login(PASSWORD, login="S0001", portal="staff").url == "/staff/"


def test_a_disabled_account_is_refused(login, policyholder) -> None:
    policyholder.account.is_active = False
    policyholder.account.save()
    assert login(PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("asked_for", "opened"),
    [
        ("/mypage/claims/", "/mypage/claims/"),
        ("https://evil.example/mypage/", "/mypage/"),
        ("//evil.example", "/mypage/"),
        ("/staff/", "/mypage/"),
    ],
)
def test_login_leads_only_to_pages_of_the_portal(login, asked_for: str, opened: str) -> None:
    assert login(PASSWORD, next=asked_for).url == opened


def test_logging_in_changes_the_session_and_logging_out_ends_it(login) -> None:
    login(PASSWORD)
    session = login.client.cookies["sessionid"].value
    assert login.client.get("/mypage/logout/").status_code == 405
    assert login.client.post("/mypage/logout/").url == "/mypage/login/"
    login.client.cookies["sessionid"] = session
    assert login.client.get("/mypage/").url == "/mypage/login/?next=%2Fmypage%2F"


def test_the_password_is_kept_as_argon2id(login, policyholder) -> None:
    assert policyholder.account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
