"""Reading clinics, investigation partners and agencies."""

from django.db.models import Q, QuerySet

from petinsurance.partners.models import Agency, Clinic
from petinsurance.search import matching


def search_clinics(term: str) -> QuerySet[Clinic]:
    return matching(Clinic.objects.order_by("pk"), term)


def agencies() -> QuerySet[Agency]:
    return Agency.objects.order_by("pk")


def search_agencies(term: str) -> QuerySet[Agency]:
    return matching(agencies(), term, Q(code=term.strip()))
