"""Access logs of AWS load balancers: Application (ALB) and classic (ELB).

ALB (AWS, "Access logs for your Application Load Balancer"): type, time, balancer, client:port, target:port, three
processing times (seconds, -1 where there was none), status of balancer and of target, received and sent bytes, request,
agent, cipher, protocol, and further columns, which were added over the years. Classic: the same from the time to the
protocol. Times are UTC. The time is the one of the response, as with other access logs.
"""

from __future__ import annotations

import re

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.aws_elb_columns import FURTHER, regular_lines
from kakuho.evidence.formats.web.by_columns import read_block_by_columns
from kakuho.evidence.formats.web.fields import Event, Field, Reading, microseconds_of, read_field
from kakuho.evidence.formats.web.requests import given, http_version, unescaped, unmapped
from kakuho.evidence.formats.web.times import iso_time
from kakuho.language import Bilingual

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|([^ ]+)', re.DOTALL)
_TYPES = {"http", "https", "h2", "grpcs", "ws", "wss"}
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,6}Z", re.ASCII)
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
        return read_block_by_columns(
            block, declared, ("http_activity",), regular_lines, lambda text: _event(text, declared.encoding)
        )


def _event(text: str, encoding: str | None = None) -> Event | str:
    """The columns of a line, or the reason why it is none."""
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
    rest = dict(zip(FURTHER, tokens[13:], strict=False))
    rest |= {"balancer": balancer, "target": target, "target_status": target_status, "type": kind or ""}
    more = {"further": tokens[13 + len(FURTHER) :] or None}
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
