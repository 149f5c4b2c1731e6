"""Finding people by what a caller says: a part of the name or its reading, or the whole phone number.

The term comes in a POST body and stays out of URLs, sessions and logs of the web server.
"""

import unicodedata

from django.db.models import Q, Value
from django.db.models.functions import Replace

from petinsurance import spelling

PHONE_DIGITS = Replace("phone", Value("-"), Value(""))
"""Annotate a queryset with ``phone_digits=PHONE_DIGITS`` before filtering by ``contact_matches``."""


def named(term: str, *, reading: bool = True) -> Q:
    """Name or reading contains the term, in whichever width and kana it was typed."""
    found = Q(name__icontains=unicodedata.normalize("NFKC", term).strip())
    return found | Q(kana__icontains=spelling.kana(term)) if reading else found


def contact_matches(term: str) -> Q:
    phone = spelling.digits(term)
    return named(term) | Q(phone_digits=phone) if len(phone) >= 10 else named(term)
