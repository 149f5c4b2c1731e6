"""Who looks, in the disclosure ledger's words."""

from django.http import HttpRequest

from disclosure_ledger import Actor
from petinsurance.accounts.models import Account, Role


def actor(request: HttpRequest) -> Actor:
    account = request.user
    if not isinstance(account, Account):
        return Actor(kind="public", id=None, role=None, subject=None)
    identifier = f"account:{account.pk}"
    match account.role:
        case Role.POLICYHOLDER:
            subject = f"policyholder:{account.policyholder_id}"
            return Actor(kind="policyholder", id=identifier, role=account.role, subject=subject)
        case Role.AGENCY:
            return Actor(kind="agency", id=identifier, role=account.role, subject=f"agency:{account.agency_id}")
        case _:
            return Actor(kind="staff", id=identifier, role=account.role, subject=None)
