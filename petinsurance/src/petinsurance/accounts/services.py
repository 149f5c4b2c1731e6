"""Logging in: the password, the portal that the role belongs to, and the lockout, in one answer."""

from enum import Enum

from django.contrib.auth import authenticate
from django.contrib.auth import login as open_session
from django.http import HttpRequest
from django.utils import timezone

from petinsurance.accounts.models import Account, Role
from petinsurance.lockout import services as lockout


class LoginOutcome(Enum):
    LOGGED_IN = "logged in"
    REFUSED = "refused"
    LOCKED = "locked"


def log_in(request: HttpRequest, login: str, password: str, roles: frozenset[Role]) -> LoginOutcome:
    """Open a session if the password is right and the account's role is one of ``roles``.

    A locked login name is refused before its password is looked at, so that guessing on learns nothing.
    """
    now = timezone.now()
    if lockout.is_locked(login, now):
        return LoginOutcome.LOCKED
    account = authenticate(request, username=login, password=password)
    if not isinstance(account, Account) or account.role not in roles:
        lockout.record_failure(login, now)
        return LoginOutcome.REFUSED
    lockout.forget_failures(login)
    open_session(request, account)
    return LoginOutcome.LOGGED_IN
