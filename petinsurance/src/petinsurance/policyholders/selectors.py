"""Reading policyholders."""

from django.db.models import Q, QuerySet

from petinsurance.policies.models import Policy
from petinsurance.policyholders.models import Policyholder
from petinsurance.search import PHONE_DIGITS, contact_matches


def search(term: str) -> QuerySet[Policyholder]:
    """By name, reading, phone or policy number, in the order of their keys."""
    by_number = Q(pk__in=Policy.objects.filter(policy_number=term.strip()).values("policyholder_id"))
    return (
        Policyholder.objects.annotate(phone_digits=PHONE_DIGITS)
        .filter(contact_matches(term) | by_number)
        .prefetch_related("policies")
        .order_by("pk")
    )
