"""One login of each role, for looking around a synthetic population; only `petinsurance serve` uses it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.crypto import get_random_string

from petinsurance.accounts.models import Account, Role
from petinsurance.policyholders.models import Policyholder

LOGIN_PAGES = {Role.POLICYHOLDER: "mypage:login", Role.AGENCY: "agency:login"}


@dataclass(frozen=True)
class DemonstrationLogin:
    page: str
    role: str
    login: str
    password: str


def open_demonstration_logins(now: datetime) -> list[DemonstrationLogin]:
    """Give one account of each role a fresh password. My Page: somebody with claims and a bank account, if anybody."""
    return [_open(account) for role in Role if (account := _account(role, now)) is not None]


def _account(role: Role, now: datetime) -> Account | None:
    accounts = Account.objects.filter(role=role, is_active=True).order_by("pk")
    if role == Role.POLICYHOLDER:
        full = Policyholder.objects.filter(bankaccount__isnull=False, policies__claims__isnull=False)
        return accounts.filter(policyholder__in=full).first() or accounts.first()
    if role == Role.AGENCY:
        return accounts.filter(agency__policy__isnull=False).first() or accounts.first()
    return accounts.first() or Account.objects.create(login=f"demonstration-{role}", role=role, created_at=now)


def _open(account: Account) -> DemonstrationLogin:
    password = get_random_string(14)
    account.set_password(password)
    account.save(update_fields=["password"])
    page = reverse(LOGIN_PAGES.get(Role(account.role), "staff:login"))
    return DemonstrationLogin(page, account.role, account.login, password)
