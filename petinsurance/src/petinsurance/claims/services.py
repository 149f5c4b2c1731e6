"""Receiving claims."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.crypto import get_random_string

from petinsurance.claims.models import Claim, ClaimStatus
from petinsurance.policies.models import Policy


@dataclass(frozen=True)
class ClaimApplication:
    policy: Policy
    diagnosis: str
    treated_on: date
    amount_billed: int


def receive(application: ClaimApplication) -> Claim:
    now = timezone.now()
    return Claim.objects.create(
        claim_number="W" + get_random_string(11, "0123456789"),
        policy=application.policy,
        diagnosis=application.diagnosis,
        treated_on=application.treated_on,
        received_on=timezone.localdate(now),
        amount_billed=application.amount_billed,
        status=ClaimStatus.RECEIVED,
        updated_at=now,
    )
