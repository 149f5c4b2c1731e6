"""What one response has disclosed so far: a set of notes that travels with the request.

It is an attribute of the request and, for templates that are rendered without one, a context variable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import uuid4

from disclosure_ledger.errors import NoCollectionError
from disclosure_ledger.event import Disclosure
from disclosure_ledger.names import identifier, reference

if TYPE_CHECKING:
    from django.http import HttpRequest

_ATTRIBUTE = "_disclosure_collection"
_current: ContextVar[Collection | None] = ContextVar("disclosure_collection", default=None)


class Collection:
    """The notes of one response; :meth:`take` hands over those made since it was last called."""

    def __init__(self) -> None:
        self.request_id = uuid4().hex
        self.purpose: str | None = None
        self._notes: dict[str, tuple[set[str], set[str]]] = {}

    def note(self, subject: str, item: str, *, masked: bool) -> None:
        reference(subject, "subject")
        identifier(item, "item")
        self._notes.setdefault(subject, (set(), set()))[1 if masked else 0].add(item)

    @property
    def is_empty(self) -> bool:
        return not self._notes

    def take(self) -> list[Disclosure]:
        notes, self._notes = self._notes, {}
        return [Disclosure(subject, shown, masked) for subject, (shown, masked) in notes.items()]

    def clear(self) -> None:
        """Forget notes about a response that will not be sent."""
        self._notes = {}


@contextmanager
def collecting(request: HttpRequest, collection: Collection | None = None) -> Iterator[Collection]:
    """Collect what is disclosed within; the middleware does this, and a test without the middleware can."""
    collection = Collection() if collection is None else collection
    setattr(request, _ATTRIBUTE, collection)
    token = _current.set(collection)
    try:
        yield collection
    finally:
        _current.reset(token)


def collection_of(request: HttpRequest | None) -> Collection:
    """The collection of the request, or without a request that of the response being made."""
    collection = getattr(request, _ATTRIBUTE, None) if request is not None else _current.get()
    if isinstance(collection, Collection):
        return collection
    raise NoCollectionError(
        ja="開示を記録できない場所で個人の値を表示しようとしました。MIDDLEWARE の先頭に DisclosureMiddleware を置き、"
        "テンプレートにはリクエストを渡してください。",
        en="A personal value was to be shown where nothing records it. Put DisclosureMiddleware first in MIDDLEWARE "
        "and render the template with its request.",
    )
