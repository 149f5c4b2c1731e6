"""What can go wrong, in words for people: what, where, what to do, in Japanese and in English.

No message may hold a personal value: a text that a caller passed in by mistake is never repeated.
"""

from __future__ import annotations

from disclosure_ledger.language import Language


class LedgerError(Exception):
    """Any error of this package; ``str()`` is English, ``text("ja")`` Japanese."""

    def __init__(self, *, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en

    def text(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class WriteError(LedgerError):
    """The event is not in the ledger, so what it describes may not be shown."""


class InvalidNoteError(LedgerError, ValueError):
    """A subject, item or other name is not of its form; it could be a personal value, so it is not written."""


class NoCollectionError(LedgerError):
    """A value was to be disclosed where no response is being watched."""


class NotALedgerError(LedgerError):
    """The directory does not exist, or holds no segment."""


class LedgerKeyError(LedgerError):
    """The key is missing or malformed."""
