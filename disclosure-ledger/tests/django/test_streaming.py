"""A streamed value is recorded before its chunk leaves."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import path

from disclosure_ledger import Event
from disclosure_ledger.django import disclose
from disclosure_ledger.errors import WriteError

Recorded = Callable[[], list[Event]]


def export(request: Any) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        yield "番号,氏名\n"
        for key in (1, 2):
            yield f"{key},{disclose(request, f'policyholder:{key}', 'name', '試験')}\n"

    return StreamingHttpResponse(rows(), content_type="text/csv")


def test_each_chunk_is_recorded_before_it_leaves(site: Any, recorded: Recorded) -> None:
    with site([path("export/", export)]):
        chunks = iter(Client().get("/export/").streaming_content)
        assert (next(chunks), len(recorded())) == ("番号,氏名\n".encode(), 0)
        assert (next(chunks), len(recorded())) == ("1,試験\n".encode(), 1)
        assert (next(chunks), len(recorded())) == ("2,試験\n".encode(), 2)
        assert list(chunks) == []
    first, second = recorded()
    assert first.request == second.request
    assert [event.disclosures[0].subject for event in (first, second)] == ["policyholder:1", "policyholder:2"]


def test_a_chunk_that_cannot_be_recorded_cuts_the_stream(
    site: Any, directory: Path, full_disk: Any, recorded: Recorded
) -> None:
    with site([path("export/", export)]):
        chunks = iter(Client().get("/export/").streaming_content)
        received = [next(chunks), next(chunks)]
        size = max(file.stat().st_size for file in directory.iterdir())
        with full_disk(size), pytest.raises(WriteError):
            received.append(next(chunks))
    assert len(received) == 2
    assert len(recorded()) == 1


def test_an_asynchronous_stream(site: Any, recorded: Recorded) -> None:
    async def asynchronous(request: Any) -> StreamingHttpResponse:
        async def rows() -> AsyncIterator[str]:
            for key in (1, 2):
                yield str(disclose(request, f"policyholder:{key}", "name", "試験"))

        return StreamingHttpResponse(rows())

    async def fetch() -> list[bytes]:
        response = await AsyncClient().get("/export/")
        return [chunk async for chunk in response.streaming_content]

    with site([path("export/", asynchronous)]):
        assert asyncio.run(fetch()) == ["試験".encode(), "試験".encode()]
    assert len(recorded()) == 2


def test_head_streams_nothing(site: Any, recorded: Recorded) -> None:
    with site([path("export/", export)]):
        assert list(Client().head("/export/").streaming_content) == []
    assert recorded() == []


def test_a_file_is_recorded_by_what_the_view_said_of_it(site: Any, recorded: Recorded) -> None:
    def letter(request: Any) -> FileResponse:
        return FileResponse(io.BytesIO(disclose(request, "policyholder:12", "address", b"%PDF")))

    with site([path("letter/", letter)]):
        assert b"".join(Client().get("/letter/").streaming_content) == b"%PDF"
    assert [event.disclosures[0].items for event in recorded()] == [("address",)]
