"""Access logs of AWS load balancers: Application (ALB) and classic (ELB).

ALB (AWS, "Access logs for your Application Load Balancer"): type, time, balancer, client:port, target:port, three
processing times (seconds, -1 where there was none), status of balancer and of target, received and sent bytes, request,
agent, cipher, protocol, and further columns, which were added over the years. Classic: the same from the time to the
protocol. Times are UTC. The time is the one of the response, as with other access logs.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.fields import HOST, UNMAPPED, Event, Field, Reading, microseconds_of, read_field
from kakuho.evidence.formats.web.lines import read_block_by_lines
from kakuho.evidence.formats.web.requests import given, http_version, unescaped, unmapped
from kakuho.evidence.formats.web.times import iso_time
from kakuho.language import Bilingual

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|([^ ]+)', re.DOTALL)
_TYPES = {"http", "https", "h2", "grpcs", "ws", "wss"}
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,6}Z", re.ASCII)
_FURTHER = [
    "tls_cipher",
    "tls_protocol",
    "target_group",
    "trace_id",
    "sni",
    "certificate",
    "rule_priority",
    "start_time",
    "actions",
    "redirect_url",
    "error_reason",
    "targets",
    "target_statuses",
    "classification",
    "classification_reason",
    "connection_trace_id",
]
_REGULAR = re.compile(
    r"""
    (?:(https?|h2|grpcs|wss?)\ )?([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{1,6}Z)\ ([!\#-~]+)
    \ ([0-9.]{2,39}):([0-9]{1,5})\ ([!\#-~]+)\ ([!\#-~]+)\ ([!\#-~]+)\ ([!\#-~]+)
    \ ([0-9]{3}|-)\ ([!\#-~]+)\ ([0-9]{1,18})\ ([0-9]{1,18})
    \ "([A-Z]+)\ (?:https?|wss?|h2)://([^/?\#"\s-][^/?\#"\s]{0,254})([^"\s]*)\ HTTP/([0-9](?:\.[0-9])?)"
    \ "([^"]+)"(?=\ |$)
    """,
    re.VERBOSE,
)
"""What nearly all lines begin with, up to the agent."""
_REGULAR_FURTHER = re.compile(
    3 * r" ([!#-~]+)" + 3 * r' "([^"]*)"' + 2 * r" ([!#-~]+)" + 7 * r' "([^"]*)"' + r"(?: ([!#-~]+))?"
)
"""The further columns as they are since 2020, with the last one that came in 2023 or without it."""
_URL = Field("absolute_url")
_NOTHING = Reading()
_CLIENT = Field("address_port", "src_ip", "client")


class AwsElbLog(TextFormat):
    """Access logs of AWS load balancers."""

    name = "aws_elb_log"
    label = Bilingual(ja="AWS ロードバランサーのアクセスログ", en="AWS load balancer access log")
    role = "access_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that are its."""
        share = head.share(lambda line: isinstance(_event(line.decode("utf-8", "backslashreplace")), dict))
        if not share:
            return None
        variant = "alb" if head.lines[0].split(b" ", 1)[0].decode("latin-1") in _TYPES else "classic"
        return Recognition(share, variant, share_in_words(share, "AWS load balancer log"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        return read_block_by_lines(block, declared, "http_activity", lambda text: _event(text, declared.encoding))


def _event(text: str, encoding: str | None = None) -> Event | str:
    """The columns of a line, or the reason why it is none."""
    return _regular_event(text) or _event_of_tokens(text, encoding)


def _regular_event(text: str) -> Event | None:
    """The same for a line in the regular form with nothing escaped; None for any other."""
    found = _REGULAR.match(text)
    if found is None or "\\" in text:
        return None
    kind, stamp, balancer, address, port, target, *times, status, target_status = found.groups()[:11]
    bytes_in, bytes_out, method, netloc, rest_of_url, version, agent = found.groups()[11:]
    time, src_port = iso_time(stamp), int(port)
    if time is None or src_port > 65535:
        return None
    host, dst_port = _host_of(netloc)
    path, mark, query = rest_of_url.partition("?") if rest_of_url else ("/", "", "")
    regular = _REGULAR_FURTHER.fullmatch(text, found.end())
    tokens = regular.groups() if regular is not None else _tokens(text[found.end() :])
    rest: Event = dict(zip(_FURTHER, tokens, strict=False))
    rest["balancer"], rest["target"], rest["target_status"], rest["type"] = balancer, target, target_status, kind
    rest["dst_port"], rest["further"] = dst_port, tokens[len(_FURTHER) :] or None
    return {
        "time": time,
        "duration_us": _duration(times),
        "user_agent": given(agent),
        "status": None if status == "-" else int(status),
        "bytes_in": int(bytes_in),
        "bytes_out": int(bytes_out),
        "src_ip": address,
        "src_port": src_port,
        "method": method,
        "http_version": version,
        "host": host,
        "url_path": path,
        "url_query": query if mark else None,
        "unmapped": unmapped(rest),
    }


@lru_cache(maxsize=1 << 12)
def _host_of(netloc: str) -> tuple[str | None, int | None]:
    """The host and the port of a URL, as :func:`read_field` reads them."""
    event: Event = {}
    read_field(event, HOST, netloc, _NOTHING)
    return event.get("host"), event.get(UNMAPPED, {}).get("dst_port")


def _event_of_tokens(text: str, encoding: str | None) -> Event | str:
    tokens = _tokens(text)
    kind = tokens.pop(0) if tokens and tokens[0] in _TYPES else None
    if len(tokens) < 12 or not _STAMP.fullmatch(tokens[0]):
        return "not_elb"
    time = iso_time(tokens[0])
    if time is None:
        return "time_not_valid"
    if "\\" in text:
        tokens = [unescaped(token, encoding) for token in tokens]
    _, balancer, client, target, *times, status, target_status, bytes_in, bytes_out, request = tokens[:12]
    numbers = [_number(value) for value in (status, bytes_in, bytes_out)]
    if None in numbers or len(status) not in {1, 3}:
        return "not_elb"
    event: Event = {"time": time, "duration_us": _duration(times)}
    event["user_agent"] = given(tokens[12]) if len(tokens) > 12 else None
    event["status"], event["bytes_in"], event["bytes_out"] = (None if value == -1 else value for value in numbers)
    read_field(event, _CLIENT, client, _NOTHING)
    _read_request(event, request)
    rest = dict(zip(_FURTHER, tokens[13:], strict=False))
    rest |= {"balancer": balancer, "target": target, "target_status": target_status, "type": kind or ""}
    more = {"further": tokens[13 + len(_FURTHER) :] or None}
    event["unmapped"] = unmapped({**rest, **event.get("unmapped", {}), **more})
    return event


def _tokens(text: str) -> list[str]:
    """The columns of a line, without their quotes."""
    if "\\" in text:
        return [quoted or plain for quoted, plain in _TOKEN.findall(text)]
    tokens: list[str] = []
    for index, part in enumerate(text.split('"')):
        if index % 2:
            tokens.append(part)
        else:
            tokens += part.split()
    return tokens


def _number(text: str) -> int | None:
    """A number, -1 for ``-`` (the connection was closed before there was one), None for what is neither."""
    if text == "-":
        return -1
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _read_request(event: Event, request: str) -> None:
    """The method and the whole URL; blanks in the URL stand as they were sent."""
    method, _, target = request.partition(" ")
    url, _, protocol = target.rpartition(" ")
    if not url:
        event["url_path"] = given(request.replace("- - -", "-").strip())
        return
    event["method"], event["http_version"] = given(method), http_version(protocol)
    read_field(event, _URL, url.rstrip(), _NOTHING)


def _duration(times: list[str]) -> int | None:
    """The three times together; None where the request reached no target."""
    total = 0
    for time in times:
        value = microseconds_of(time, 1_000_000)
        if value is None:
            return None
        total += value
    return total
