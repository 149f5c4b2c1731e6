"""What is sent instead of a response that could not be recorded: 503, without any part of the response."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from disclosure_ledger.errors import LedgerError

_PAGE = """<!DOCTYPE html>
<html lang="ja"><meta charset="utf-8"><title>503</title>
<p>ただいまこのページを表示できません。しばらくしてからもう一度お試しください。</p>
<p lang="en">This page cannot be shown right now. Please try again in a little while.</p>
</html>
"""


def refusal_for(response: HttpResponseBase) -> HttpResponse:
    """The 503; it takes over what ``response`` would have closed."""
    refusal = HttpResponse(_PAGE, status=503, headers={"Cache-Control": "no-store", "Retry-After": "60"})
    refusal._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]
    return refusal


def reason_for_log(error: Exception) -> str:
    """What happened, without a text that could hold a personal value: only this package's messages are repeated."""
    if isinstance(error, LedgerError):
        return str(error)
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = f" at {traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else ""
    return f"{type(error).__name__}{where}"
