"""Finding people by what a caller says: a part of the name or its reading, or the whole phone number.

Names are stored as people wrote them, with spaces of either width or none, readings in full or half width, phones with
or without hyphens; the search looks past all of that. The term comes in a POST body and stays out of URLs, sessions and
logs of the web server.
"""

import unicodedata
from typing import TypeVar

import jaconv
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from petinsurance import spelling

Record = TypeVar("Record", bound=Model)


def matching(records: QuerySet[Record], term: str, otherwise: Q | None = None) -> QuerySet[Record]:
    """The records whose name, reading or phone the term is, or that match ``otherwise``."""
    columns = {field.name for field in records.model._meta.fields}
    found = Q(dense_name__icontains=_dense(unicodedata.normalize("NFKC", term))) | (otherwise or Q(pk__in=[]))
    records = records.alias(dense_name=_without("name", " ", "\u3000"))
    if "kana" in columns:
        full_width = _dense(spelling.kana(term))
        records = records.alias(dense_kana=_without("kana", " ", "\u3000"))
        found |= Q(dense_kana__icontains=full_width) | Q(dense_kana__icontains=jaconv.z2h(full_width))
    if "phone" in columns and len(spelling.digits(term)) >= 10:
        records = records.alias(phone_digits=_without("phone", "-"))
        found |= Q(phone_digits=spelling.digits(term))
    return records.filter(found)


def _dense(text: str) -> str:
    return "".join(text.split())


def _without(column: str, *characters: str) -> Combinable:
    text: Combinable = F(column)
    for character in characters:
        text = Replace(text, Value(character), Value(""))
    return text
