"""Count failures and judge whether a login name is locked.

The window slides: five failures within fifteen minutes lock, and the lock opens as the oldest falls out of the window.
"""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from petinsurance.lockout.models import LoginFailure

FAILURES_ALLOWED = 5
WINDOW = timedelta(minutes=15)


def is_locked(login: str, now: datetime) -> bool:
    recent = LoginFailure.objects.filter(login_digest=_digest(login), failed_at__gt=now - WINDOW)
    return recent.count() >= FAILURES_ALLOWED


def record_failure(login: str, now: datetime) -> None:
    """Remember a failure, and forget those of everybody that no longer count."""
    LoginFailure.objects.filter(failed_at__lte=now - WINDOW).delete()
    LoginFailure.objects.create(login_digest=_digest(login), failed_at=now)


def forget_failures(login: str) -> None:
    """After a successful login."""
    LoginFailure.objects.filter(login_digest=_digest(login)).delete()


def _digest(login: str) -> str:
    return salted_hmac("petinsurance.lockout", login.strip().lower(), algorithm="sha256").hexdigest()
