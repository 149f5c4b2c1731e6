"""Reading quotes and brochure requests: the people who asked and have not (yet) bought."""

from django.db.models import Q

from petinsurance.quotes.models import BrochureRequest, Quote
from petinsurance.search import PHONE_DIGITS, contact_matches

SEARCH_LIMIT = 200


def search(term: str) -> list[Quote | BrochureRequest]:
    """Both kinds, newest first. More than ``SEARCH_LIMIT`` of one kind is nobody's intent: a longer term is."""
    quotes = Quote.objects.annotate(phone_digits=PHONE_DIGITS).filter(contact_matches(term) | Q(reference=term.strip()))
    brochures = BrochureRequest.objects.annotate(phone_digits=PHONE_DIGITS).filter(contact_matches(term))
    found: list[Quote | BrochureRequest] = [
        *quotes.order_by("-created_at", "-pk")[:SEARCH_LIMIT],
        *brochures.order_by("-created_at", "-pk")[:SEARCH_LIMIT],
    ]
    return sorted(found, key=lambda record: record.created_at, reverse=True)
