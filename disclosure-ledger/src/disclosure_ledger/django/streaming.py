"""Streaming responses: what a chunk discloses is recorded before the chunk leaves.

If that fails, the stream ends with WriteError: the status line has left already, so the server cuts the connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async

from disclosure_ledger.django.collection import Collection, collecting

if TYPE_CHECKING:
    from django.http import HttpRequest, StreamingHttpResponse

Record = Callable[[], None]
_END = object()


def record_while_streaming(
    request: HttpRequest, response: StreamingHttpResponse, collection: Collection, record: Record
) -> None:
    """Let ``record`` run before each chunk of ``response``."""
    if response.is_async:
        response.streaming_content = _recorded_async(request, response.streaming_content, collection, record)  # type: ignore[arg-type]
    else:
        response.streaming_content = _recorded(request, response.streaming_content, collection, record)  # type: ignore[arg-type]


def _recorded(request: HttpRequest, chunks: Iterator[bytes], collection: Collection, record: Record) -> Iterator[bytes]:
    while True:
        with collecting(request, collection):
            chunk = next(chunks, _END)
        if chunk is _END:
            return
        record()
        yield chunk  # type: ignore[misc]


async def _recorded_async(
    request: HttpRequest, chunks: AsyncIterator[bytes], collection: Collection, record: Record
) -> AsyncIterator[bytes]:
    while True:
        with collecting(request, collection):
            chunk = await anext(chunks, _END)
        if chunk is _END:
            return
        await sync_to_async(record)()
        yield chunk  # type: ignore[misc]
