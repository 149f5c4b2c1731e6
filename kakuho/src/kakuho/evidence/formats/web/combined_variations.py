"""Lines that are combined in the main, with something of their own before the time or after the agent.

    client[, client …] - user [time] [pid] "request" status bytes further "fields" …
    host client …, "client, client" peer …, client -> server …

Quotes inside a request that its program did not escape (Tomcat) are part of it. Where the line ends inside a quoted
field, what is there is read and ``unmapped`` says ``cut_off``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuho.evidence.formats.web.fields import FORWARDED_FOR, Event, Field, Reading
from kakuho.evidence.formats.web.pattern import event_of

_TIME = re.compile(
    r"(?:^| )\[(\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d{1,9})? [+-]\d{4})\] (?:\[(\d+)\] )?\"", re.ASCII
)
_QUOTED = re.compile(r'((?:[^"\\]|\\.)*+)"', re.DOTALL)
_STATUS = re.compile(r" (\d{3}) (\d{1,18}|-)(?= |$)", re.ASCII)
_END_OF_REQUEST = re.compile(r' HTTP/\d(?:\.\d)?" \d{3} (?:\d{1,18}|-)(?= |$)', re.ASCII)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)("?)|\[([^\]]*+)\]|([^ "]++)', re.DOTALL)
_WORD = re.compile(r'"[^"]*"|[^ ]+')
_TOOK = re.compile(r"Time: (\d{1,15}) microsecs", re.ASCII)
_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
_ADDRESSES = re.compile(rf"{_ADDRESS}(?:, ?{_ADDRESS})*", re.ASCII)

_SRC = Field("text", "src_ip", "client")
_DST = Field("text", name="dst_ip")
_HOST = Field("host", "host", "host")
_USER = Field("text", "user_name", "user")
_IDENT = Field("text", name="ident")
_PID = Field("number", name="pid")
_TIME_FIELD = Field("clf_time", "time", "time")
_REQUEST = Field("request")
_STATUS_FIELD = Field("status", "status", "status")
_BYTES = Field("number", "bytes_out", "bytes")
_DURATION = Field("duration", "duration_us", "duration")
_REFERRER = Field("text", "referrer", "referrer")
_AGENT = Field("text", "user_agent", "user_agent")
_CUT_OFF = Field("text", name="cut_off")

Texts = Iterator[tuple[Field, str]]


def event_of_variation(line: str, reading: Reading) -> Event | str | None:
    """The columns that a line gives; None where it has not even a client, a time, a request and a status."""
    time = _TIME.search(line)
    if time is None:
        return None
    end = _end_of_request(line, time.end())
    status = _STATUS.match(line, end + 1)
    client = list(_client(line[: time.start()]))
    if status is None or not client:
        return None
    fields = [
        *client,
        (_TIME_FIELD, time[1]),
        (_PID, time[2] or ""),
        (_REQUEST, line[time.end() : end]),
        (_STATUS_FIELD, status[1]),
        (_BYTES, status[2]),
        *_rest(line[status.end() :]),
    ]
    return event_of(fields, reading)


def _end_of_request(line: str, at: int) -> int:
    """Where the quote after a request stands: where quotes in it are not escaped, the one after ``HTTP/1.1``."""
    quoted = _QUOTED.match(line, at)
    if quoted is not None and _STATUS.match(line, quoted.end()):
        return quoted.end() - 1
    unescaped = _END_OF_REQUEST.search(line, at)
    return line.index('"', unescaped.start()) if unescaped else len(line)


def _client(text: str) -> Texts:
    """Who asked: what stands before the time. Nothing where it cannot be understood."""
    before, dash, user = text.partition(" - ")
    if dash:
        yield _USER, user
    else:
        words = text.split(" ", 2)
        if len(words) < 3:
            return
        before = words[0]
        yield _IDENT, words[1]
        yield _USER, words[2]
    groups = _groups(before)
    if len(groups) > 2 and groups[-2] == "->":
        yield _DST, groups.pop()
        groups.pop()
    if len(groups) > 1 and not _is_list(groups[0]):
        yield _HOST, groups.pop(0)
    if not groups or len(groups) > 2:
        return
    said, _, peer = groups[-1].rpartition(", ")
    yield _SRC, peer
    said = ", ".join(part.strip('"') for part in [*groups[:-1], said] if part)
    if said:
        yield FORWARDED_FOR, said


def _groups(text: str) -> list[str]:
    """The words of a text; those that a comma joins are one."""
    groups: list[str] = []
    for word in _WORD.findall(text):
        if groups and groups[-1].endswith(","):
            groups[-1] += f" {word}"
        else:
            groups.append(word)
    return groups


def _is_list(text: str) -> bool:
    return text.startswith('"') or ", " in text


def _rest(text: str) -> Texts:
    """Referrer and agent, if they are there, and what is found behind."""
    tokens = list(_TOKEN.finditer(text))
    is_quoted = [token[1] is not None for token in tokens]
    pair = next((index for index in range(len(tokens) - 1) if is_quoted[index] and is_quoted[index + 1]), None)
    if pair is not None:
        yield _REFERRER, tokens[pair][1]
        yield _AGENT, tokens[pair + 1][1]
    is_cut_off = bool(tokens) and is_quoted[-1] and not tokens[-1][2]
    if pair is not None:
        tokens = tokens[:pair] + tokens[pair + 2 :]
    further = [token[1] if token[1] is not None else token[3] if token[3] is not None else token[4] for token in tokens]
    for number, token in enumerate(further, 1):
        took = _TOOK.fullmatch(token)
        if took:
            yield _DURATION, took[1]
        elif number == len(further) == 1 and re.fullmatch(r"\d{1,12}(\.\d{1,9})?", token):
            yield _DURATION, token
        elif _ADDRESSES.fullmatch(token):
            yield FORWARDED_FOR, token
        else:
            yield Field("text", name=f"field_{number}"), token
    if is_cut_off:
        yield _CUT_OFF, "true"
