"""The first line of a request as logs show it, and URLs: ``GET /search?q=a HTTP/1.1``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

METHOD = re.compile(r"[A-Za-z][A-Za-z_-]*")
_PROTOCOL = re.compile(r"HTTP/(\d{1,2}(?:\.\d{1,2})?)")
_REGULAR_REQUEST = re.compile(r"([A-Za-z][A-Za-z_-]*) ([^? ]+)(?:\?([^ ]*))? HTTP/(\d{1,2}(?:\.\d{1,2})?)")
_ABSOLUTE = re.compile(r"(?:https?|wss?|h2)://([^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_HIGH_ESCAPES = re.compile(r"\\\\|((?:\\x[89A-Fa-f][0-9A-Fa-f])(?:\\x[0-9A-Fa-f]{2})*)([@-~]?)")


def given(text: str | None) -> str | None:
    """The text, or None where the log says that there is none (``-`` or nothing)."""
    return None if text is None or text in {"-", ""} else text


def split_request(request: str) -> dict[str, str | None]:
    """Method, path, query and version of a request line; what is none (TLS bytes, an empty one) stands as the path."""
    found = _REGULAR_REQUEST.fullmatch(request)
    if found is not None:
        method, path, query, version = found.groups()
        return {"method": method, "url_path": path, "url_query": query, "http_version": version}
    method, blank, target = request.partition(" ")
    if not blank or not METHOD.fullmatch(method):
        return {"url_path": given(request)}
    before, _, last = target.rpartition(" ")
    protocol = _PROTOCOL.fullmatch(last)
    if protocol is None or (not before and " " not in target):
        return {"method": method, **split_url(target)}
    return {"method": method, **split_url(before), "http_version": protocol[1]}


def split_url(url: str) -> dict[str, str | None]:
    """Path and query at the first ``?``; a query that is there but empty is ``""``."""
    path, mark, query = url.partition("?")
    return {"url_path": path, "url_query": query if mark else None}


def split_absolute_url(url: str) -> dict[str, str | None]:
    """The same of ``http://host:port/path?query``, with ``host`` as it stands there; also of a URL without a host."""
    found = _ABSOLUTE.fullmatch(url)
    if found is None:
        return split_url(url)
    return {"host": given(found[1]), **split_url(found[2] or "/")}


def http_version(protocol: str) -> str | None:
    """``1.1`` of ``HTTP/1.1``."""
    found = _PROTOCOL.fullmatch(protocol)
    return found[1] if found else given(protocol)


def unescaped(text: str, encoding: str | None = None) -> str:
    r"""The text with ``\"`` as ``"`` and bytes beyond ASCII (``\xE5\xB1\xB1``) as the characters that they spell.

    Bytes that spell none, in UTF-8 or in the declared encoding, stay as they were written, and so does every other
    escape (``\n``, ``\\``, ``\x16``): what is told by them is told without loss.
    """
    if "\\" not in text:
        return text
    return _HIGH_ESCAPES.sub(lambda found: _decoded(found, encoding), text).replace('\\"', '"')


def _decoded(found: re.Match[str], encoding: str | None) -> str:
    """The text of escaped bytes; in Shift_JIS the last one's second byte can be a letter, which is not escaped."""
    escapes, letter = found[1], found[2]
    if escapes is None:
        return found[0]
    data = bytes.fromhex(escapes.replace("\\x", ""))
    for name, last in (("utf-8", ""), (encoding, ""), (encoding, letter)):
        if name is None:
            continue
        try:
            text = (data + last.encode()).decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if text.isprintable() and not ({'"', "\\"} & set(text)):
            return text if last else text + letter
    return found[0]


def unmapped(values: Mapping[str, Any]) -> str | None:
    """The JSON text of what no column holds; None where there is nothing."""
    kept = {key: value for key, value in values.items() if value is not None and value != "" and value != "-"}  # noqa: PLR1714 - twice as fast
    if not kept:
        return None
    try:
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
