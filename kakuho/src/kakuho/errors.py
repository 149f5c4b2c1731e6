"""Errors for people: what is wrong, where, and what to do about it.

A message never carries a personal value; it may carry a file's name, a line number and a byte offset.
"""

from __future__ import annotations


class KakuhoError(Exception):
    """Anything a user can mend. ``where`` is a file, line or field; ``remedy`` is what to do next."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.remedy:
            parts.append(f"what to do: {self.remedy}")
        return "\n".join(parts)


class UsageError(KakuhoError):
    """The command was called with something that it cannot act on."""

    exit_code = 2


class IntegrityError(KakuhoError):
    """A sealed file or the journal is not what it was when it was written."""

    exit_code = 3
