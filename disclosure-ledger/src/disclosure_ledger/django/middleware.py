"""One event a response, written before the response leaves; without the event, no response.

Put it first in MIDDLEWARE: then it sees the response that really leaves (after caching, conditional GET, sessions).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_cache_control

from disclosure_ledger.django.collection import Collection, collecting, collection_of
from disclosure_ledger.django.recording import Recorder
from disclosure_ledger.django.refusal import reason_for_log, refusal_for
from disclosure_ledger.django.streaming import record_while_streaming
from disclosure_ledger.errors import WriteError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger("disclosure_ledger")


class DisclosureMiddleware:
    """Works under WSGI and ASGI."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        self.recorder = Recorder.configured()
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        try:
            self.recorder.ledger()
        except WriteError as error:
            # Pages without personal values still work; each page with some tries again.
            logger.error("disclosure ledger: %s", reason_for_log(error))

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._respond_async(request)
        with collecting(request) as collection:
            response = cast("HttpResponseBase", self.get_response(request))
        return self._finish(request, response, collection)

    async def _respond_async(self, request: HttpRequest) -> HttpResponseBase:
        with collecting(request) as collection:
            response = await cast("Awaitable[HttpResponseBase]", self.get_response(request))
        return await sync_to_async(self._finish)(request, response, collection)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """The view failed: what it had noted is in no response."""
        collection_of(request).clear()

    def _finish(self, request: HttpRequest, response: HttpResponseBase, collection: Collection) -> HttpResponseBase:
        if collection.is_empty and not response.streaming:
            return response
        if _must_have_no_body(request, response):
            _remove_body(response)
            return response
        if isinstance(response, HttpResponse) and not response.content:
            return response

        def record() -> None:
            self.recorder.record(request, response.status_code, collection)

        if not collection.is_empty:
            try:
                record()
            except Exception as error:
                # Whatever it was, what is not recorded does not leave.
                logger.error("disclosure ledger: response withheld: %s", reason_for_log(error))
                return refusal_for(response)
            patch_cache_control(response, private=True, no_store=True)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            record_while_streaming(request, response, collection, record)
        return response


def _must_have_no_body(request: HttpRequest, response: HttpResponseBase) -> bool:
    """RFC 9110, 6.4.1."""
    status = response.status_code
    return request.method == "HEAD" or 100 <= status < 200 or status in (204, 304)


def _remove_body(response: HttpResponseBase) -> None:
    """Not left to the server: what is not recorded is not there."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""
