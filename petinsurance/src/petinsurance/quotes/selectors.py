"""Reading quotes and brochure requests: the people who asked and have not (yet) bought."""

from django.db.models import Q

from petinsurance.quotes.models import BrochureRequest, Quote
from petinsurance.search import matching

SEARCH_LIMIT = 200


def search(term: str) -> list[Quote | BrochureRequest]:
    """Both kinds, newest first. More than ``SEARCH_LIMIT`` of one kind is nobody's intent: a longer term is."""
    quotes = matching(Quote.objects.all(), term, Q(reference=term.strip()))
    brochures = matching(BrochureRequest.objects.all(), term)
    found: list[Quote | BrochureRequest] = [
        *quotes.order_by("-created_at", "-pk")[:SEARCH_LIMIT],
        *brochures.order_by("-created_at", "-pk")[:SEARCH_LIMIT],
    ]
    return sorted(found, key=lambda record: record.created_at, reverse=True)
