"""Adding to the negotiation history; there is no function that changes it."""

from django.utils import timezone

from petinsurance.accounts.models import Account
from petinsurance.liability.models import InjuredThirdParty, NegotiationEntry


def add_negotiation_entry(injured: InjuredThirdParty, author: Account, body: str) -> NegotiationEntry:
    return NegotiationEntry.objects.create(
        injured_third_party=injured, author=author, noted_at=timezone.now(), body=body
    )
