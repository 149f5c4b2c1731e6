"""HTTP archives (HAR 1.2): what one browser or proxy asked and got.

The unit is the entry: its ordinal counts as the line. Bodies of responses are not kept in the tables (the sealed file
holds them), only their size; bodies of requests are. ``bytes_out`` is the size of the response's body as it was sent,
or, where the archive does not say, its content's size. (W3C Web Performance group: "HTTP Archive (HAR) format".)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.json_documents import record_blocks
from kakuho.evidence.formats.json_lines import JsonLinesFormat
from kakuho.evidence.formats.json_records import (
    Rows,
    address_of,
    integer_of,
    microseconds,
    status_of,
    text_of,
    unmapped_of,
    utc_microseconds,
)
from kakuho.language import Bilingual

_DOCUMENT = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,100}\{\s{0,100}"log"\s{0,100}:\s{0,100}\{')
_ENTRIES = frozenset({"entries"})
_KEYS = frozenset(
    {"pageref", "startedDateTime", "time", "request", "response", "cache", "timings", "serverIPAddress", "connection"}
)


class Har(JsonLinesFormat):
    """HTTP archives."""

    name = "har"
    label = Bilingual(ja="HTTP アーカイブ（HAR）", en="HTTP archive (HAR)")
    role = "http_capture"
    tables = ("http_activity",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the document's first keys."""
        if not _DOCUMENT.match(head.data) or b'"creator"' not in head.data:
            return None
        if head.is_whole and b'"entries"' not in head.data:
            return None
        return Recognition(1.0, "har", Bilingual(ja="HAR の文書", en="a HAR document"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Entries of the document."""
        return record_blocks(source.content, _ENTRIES, _KEYS)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every entry is an event or rejected."""
        return self.read_records(block)

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """The request and its response."""
        request, response = _mapping(record.get("request")), _mapping(record.get("response"))
        if not request:
            return "not_har"
        time = utc_microseconds(record.get("startedDateTime"))
        if time is None:
            return "time_not_valid"
        url = _split(text_of(request.get("url")))
        headers = _headers(request)
        content = _mapping(response.get("content"))
        version = text_of(request.get("httpVersion")) or ""
        milliseconds = record.get("time")
        rows.add(
            "http_activity",
            {
                "time": time,
                "line": line,
                "byte_offset": byte_offset,
                "duration_us": microseconds(milliseconds / 1000) if isinstance(milliseconds, int | float) else None,
                "forwarded_for": headers.get("x-forwarded-for"),
                "host": url["host"],
                "method": text_of(request.get("method")),
                "url_path": url["path"],
                "url_query": url["query"],
                "http_version": version.upper().removeprefix("HTTP/") or None,
                "status": status_of(response.get("status")),
                "bytes_in": _size(request.get("bodySize")),
                "bytes_out": _sent(response, content),
                "referrer": headers.get("referer"),
                "user_agent": headers.get("user-agent"),
                "request_body": _body(_mapping(request.get("postData"))),
                "unmapped": unmapped_of(
                    {
                        "scheme": url["scheme"],
                        "dst_ip": address_of(record.get("serverIPAddress")),
                        "page": text_of(record.get("pageref")),
                        "request_type": text_of(_mapping(request.get("postData")).get("mimeType")),
                        "response_type": text_of(content.get("mimeType")),
                        "response_size": _size(content.get("size")),
                        "redirect": text_of(response.get("redirectURL")),
                        "cookies": [one.get("name") for one in _list(request.get("cookies"))] or None,
                    }
                ),
            },
        )
        return None


def _split(url: str | None) -> dict[str, str | None]:
    """Scheme, host (with its port), path and query of a URL; one that is none stands as the path."""
    try:
        found = urlsplit(url or "")
    except ValueError:
        return {"scheme": None, "host": None, "path": url, "query": None}
    has_query = bool(url) and "?" in (url or "").partition("#")[0]
    return {
        "scheme": found.scheme or None,
        "host": found.netloc.rpartition("@")[2] or None,
        "path": found.path or None,
        "query": found.query if has_query else None,
    }


def _headers(request: dict[str, Any]) -> dict[str, str]:
    pairs = ((text_of(one.get("name")), text_of(one.get("value"))) for one in _list(request.get("headers")))
    return {name.lower(): value for name, value in pairs if name and value}


def _body(posted: dict[str, Any]) -> str | None:
    """What was sent: as text, or, where only its parameters are given, ``name=value`` joined by ``&``."""
    text = text_of(posted.get("text"))
    if text is not None:
        return text
    parameters = _list(posted.get("params"))
    return "&".join(f"{text_of(one.get('name')) or ''}={text_of(one.get('value')) or ''}" for one in parameters) or None


def _sent(response: dict[str, Any], content: dict[str, Any]) -> int | None:
    size = _size(response.get("bodySize"))
    return _size(content.get("size")) if size is None else size


def _size(value: Any) -> int | None:
    """A size; -1 stands for one that is not known."""
    number = integer_of(value)
    return number if number is not None and number >= 0 else None


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
