"""Showing a personal value from a view or an API: the value comes back, the note stays.

``item`` names what is shown (``phone``); only the name is kept. An empty value shows nothing and is not noted.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, TypeVar

from disclosure_ledger.django.collection import Collection, collection_of

if TYPE_CHECKING:
    from django.http import HttpRequest

Value = TypeVar("Value")


def disclose(request: HttpRequest, subject: str, item: str, value: Value) -> Value:
    """Note that the response shows ``item`` of ``subject`` in full, and return ``value``."""
    note_value(collection_of(request), request, subject, item, value, masked=False)
    return value


def disclose_masked(request: HttpRequest, subject: str, item: str, masked_value: Value) -> Value:
    """Note that the response shows ``item`` of ``subject`` masked only; the caller has masked the value."""
    note_value(collection_of(request), request, subject, item, masked_value, masked=True)
    return masked_value


def note_value(
    collection: Collection, request: HttpRequest | None, subject: str, item: str, value: object, *, masked: bool
) -> None:
    """Note a value that is not empty; 0 and False are values."""
    if value is None or (isinstance(value, Sized) and len(value) == 0):
        return
    collection.note(subject, item, masked=masked)
    if request is not None:
        _keep_out_of_cache(request)


def _keep_out_of_cache(request: HttpRequest) -> None:
    """Django's cache middleware must not store this response: from the cache it would be shown without a note."""
    request._cache_update_cache = False  # type: ignore[attr-defined]
