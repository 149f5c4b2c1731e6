"""Reading policyholders."""

from django.db.models import Q, QuerySet

from petinsurance.policies.models import Policy
from petinsurance.policyholders.models import Policyholder
from petinsurance.search import matching


def search(term: str) -> QuerySet[Policyholder]:
    """By name, reading, phone or policy number, in the order of their keys."""
    by_number = Q(pk__in=Policy.objects.filter(policy_number=term.strip()).values("policyholder_id"))
    return matching(Policyholder.objects.prefetch_related("policies").order_by("pk"), term, by_number)
