"""A transaction of ModSecurity's audit log: the request, the answer, and the rules that matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kakuho.evidence.formats.base import Declared
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.requests import split_request, unmapped
from kakuho.evidence.formats.web.times import clf_time

_FIRST = re.compile(
    r"\[(?P<time>[^\]]{20,45})\] (?P<id>\S{1,100}) (?P<src>\S{1,100}) (?P<src_port>\d{1,5})"
    r" (?P<dst>\S{1,100}) (?P<dst_port>\d{1,5})",
    re.ASCII,
)
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}):[ \t]*(.*)")
_STATUS = re.compile(r"HTTP/\S{1,10} (\d{3})(?: .*)?", re.ASCII)
_TAG = re.compile(r'\[(\w{1,30}) "((?:[^"\\]|\\.)*+)"\]', re.DOTALL)
_STOPWATCH = re.compile(r"\d{10,20} (\d{1,15})", re.ASCII)
_KEPT_OF_RULES = {"id", "msg", "data", "severity", "tag"}
_MOST_RULES = 200


def rule_of(message: str) -> dict[str, Any]:
    """What a message says of the rule that matched: number, words, data, severity, tags."""
    rule: dict[str, Any] = {"message": message.partition(" [file ")[0].partition(" [id ")[0]}
    for name, value in _TAG.findall(message):
        if name == "tag":
            rule.setdefault("tags", []).append(value)
        elif name in _KEPT_OF_RULES:
            rule.setdefault(name, value)
    return rule


def headers_of(lines: Iterable[str]) -> dict[str, str]:
    """Header lines by their name in lower case; the first of a name."""
    headers: dict[str, str] = {}
    for line in lines:
        found = _HEADER.fullmatch(line)
        if found:
            headers.setdefault(found[1].lower(), found[2])
    return headers


def event_of_request(request_line: str, headers: Mapping[str, str]) -> Event:
    """The columns that a request line and its headers give."""
    return columns_of_request(split_request(request_line), headers)


def columns_of_request(request: Mapping[str, str | None], headers: Mapping[str, str]) -> Event:
    """The columns that a request line, split already, and its headers give."""
    return {
        **request,
        "host": headers.get("host"),
        "user_agent": headers.get("user-agent"),
        "referrer": headers.get("referer"),
        "forwarded_for": headers.get("x-forwarded-for"),
    }


def size_of(headers: Mapping[str, str]) -> int | None:
    """``Content-Length``."""
    text = headers.get("content-length")
    if text is None:
        return None
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def event_of_sections(sections: Mapping[str, str], declared: Declared, *, is_whole: bool) -> Event | str:
    """The columns of a record out of its sections by letter, or the reason why it is none."""
    first = _FIRST.match(sections.get("A", ""))
    if first is None:
        return "not_modsecurity"
    time = clf_time(first["time"], declared.time_zone)
    if time is None:
        return "time_not_valid"
    request_line, *request_headers = sections.get("B", "").split("\n")
    headers = headers_of(request_headers)
    status_line, *response_headers = sections.get("F", "").split("\n")
    response = headers_of(response_headers)
    status = _STATUS.fullmatch(status_line)
    trailer = sections.get("H", "").split("\n")
    notes = headers_of(trailer)
    stopwatch = _STOPWATCH.match(notes.get("stopwatch", ""))
    rules = [rule_of(line.removeprefix("Message: ")) for line in trailer if line.startswith("Message: ")]
    rest = {
        "uid": first["id"],
        "dst_ip": first["dst"],
        "dst_port": int(first["dst_port"]),
        "rules": rules[:_MOST_RULES] or None,
        "action": notes.get("action"),
        "engine_mode": notes.get("engine-mode", "").strip('"'),
        "server": notes.get("server"),
        "cookie": headers.get("cookie"),
        "content_type": headers.get("content-type"),
        "response_content_type": response.get("content-type"),
        "cut_off": None if is_whole else True,
    }
    body = sections.get("C") or sections.get("I") or None
    return {
        "time": time,
        "duration_us": int(stopwatch[1]) if stopwatch else None,
        "src_ip": first["src"],
        "src_port": int(first["src_port"]) if int(first["src_port"]) < 65536 else None,
        **event_of_request(request_line, headers),
        "status": int(status[1]) if status else None,
        "bytes_in": size_of(headers),
        "bytes_out": size_of(response),
        "request_body": body,
        "unmapped": unmapped(rest),
    }
