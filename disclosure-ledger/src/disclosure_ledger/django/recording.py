"""From the notes of a response to an event of the ledger."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.conf import settings

from disclosure_ledger.django.collection import Collection
from disclosure_ledger.django.configuration import Configuration, configured, ledger_in
from disclosure_ledger.django.route import route_of
from disclosure_ledger.event import Actor
from disclosure_ledger.ledger import Ledger

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes events as the setting says."""

    configuration: Configuration

    @classmethod
    def configured(cls) -> Self:
        return cls(configured())

    def ledger(self) -> Ledger:
        """This process's ledger; WriteError where it cannot be opened."""
        return ledger_in(self.configuration.directory, self.configuration.system, self.configuration.key)

    def record(self, request: HttpRequest, status: int, collection: Collection) -> None:
        """Write what was noted since the last time, if anything was; any exception means that it is not written."""
        disclosures = collection.take()
        if not disclosures:
            return
        actor = self.configuration.actor(request)
        if not isinstance(actor, Actor):
            raise TypeError("DISCLOSURE_LEDGER ACTOR did not return a disclosure_ledger.Actor")
        self.ledger().record(
            actor=actor,
            disclosures=disclosures,
            method=request.method or "",
            route=route_of(request),
            status=status,
            purpose=collection.purpose,
            address=request.META.get("REMOTE_ADDR") or None,
            session=self._session(request),
            request=collection.request_id,
        )

    def _session(self, request: HttpRequest) -> str | None:
        """A keyed hash of the session's key: it ties events together and opens no session."""
        session = getattr(request, "session", None)
        if session is None or not session.session_key:
            return None
        key = self.configuration.key or settings.SECRET_KEY.encode()
        return hmac.new(key, session.session_key.encode(), hashlib.sha256).hexdigest()[:SESSION_DIGITS]
