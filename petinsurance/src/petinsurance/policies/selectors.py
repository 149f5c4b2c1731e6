"""Reading policies, each function for one party that may see them."""

from django.db.models import QuerySet

from petinsurance.partners.models import Agency
from petinsurance.policies.models import Policy, PolicyStatus
from petinsurance.policyholders.models import Policyholder


def of_policyholder(policyholder: Policyholder) -> QuerySet[Policy]:
    return (
        Policy.objects.filter(policyholder=policyholder)
        .select_related("pet", "policyholder")
        .order_by("-starts_on", "pk")
    )


def claimable(policyholder: Policyholder) -> QuerySet[Policy]:
    return of_policyholder(policyholder).filter(status=PolicyStatus.IN_FORCE)


def of_agency(agency: Agency) -> QuerySet[Policy]:
    """An agency sees the policies that it sold, and nobody else's."""
    return Policy.objects.filter(agency=agency).select_related("pet", "policyholder").order_by("-starts_on", "pk")
