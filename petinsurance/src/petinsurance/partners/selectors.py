"""Reading clinics, investigation partners and agencies."""

from django.db.models import Q, QuerySet

from petinsurance.partners.models import Agency, Clinic
from petinsurance.search import PHONE_DIGITS, contact_matches, named


def search_clinics(term: str) -> QuerySet[Clinic]:
    return Clinic.objects.annotate(phone_digits=PHONE_DIGITS).filter(contact_matches(term)).order_by("pk")


def agencies() -> QuerySet[Agency]:
    return Agency.objects.order_by("pk")


def search_agencies(term: str) -> QuerySet[Agency]:
    return agencies().filter(named(term, reading=False) | Q(code=term.strip()))
