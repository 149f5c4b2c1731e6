"""Reading injured third parties, with the case that each belongs to."""

from django.db.models import Q, QuerySet

from petinsurance.liability.models import InjuredThirdParty, NegotiationEntry
from petinsurance.policyholders.models import Policyholder
from petinsurance.search import matching


def injured_third_parties() -> QuerySet[InjuredThirdParty]:
    return InjuredThirdParty.objects.select_related("case", "case__policy", "case__policy__policyholder").order_by("pk")


def search(term: str) -> QuerySet[InjuredThirdParty]:
    """By name, reading, phone, case number or the number of the policy that answers for the accident."""
    number = term.strip()
    by_number = Q(case__case_number=number) | Q(case__policy__policy_number=number)
    return matching(injured_third_parties(), term, by_number)


def negotiation_about_claims(policyholder: Policyholder) -> QuerySet[NegotiationEntry]:
    return NegotiationEntry.objects.filter(claim__policy__policyholder=policyholder).order_by("noted_at", "pk")
