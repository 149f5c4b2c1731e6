"""Reading claims."""

from django.db.models import QuerySet

from petinsurance.claims.models import Claim
from petinsurance.policyholders.models import Policyholder


def of_policyholder(policyholder: Policyholder) -> QuerySet[Claim]:
    return (
        Claim.objects.filter(policy__policyholder=policyholder)
        .select_related("policy", "policy__pet", "policy__policyholder")
        .order_by("-received_on", "-pk")
    )
