r"""Amazon S3 server access logs.

Space-separated, quoted where a field may hold spaces (AWS: "Amazon S3 server access log format"): bucket owner, bucket,
[time], remote IP, requester, request id, operation, key, "request", status, error code, bytes sent, object size, total
time (ms), turn-around time (ms), "referrer", "user agent", version id, and, as the years added them, host id, signature
version, cipher suite, authentication type, host header, TLS version, access point ARN, ACL required. Quotes within a
quoted field are not escaped: the request ends where the numbers follow, the user agent at the last quote of the line.

Delivery is best effort: a missing line does not say that nothing happened, so the role is ``partial_log``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.json_records import (
    Row,
    Rows,
    address_of,
    as_json,
    integer_of,
    status_of,
    utc_microseconds,
)
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual

_LINE = re.compile(
    r"""
    ([0-9a-z]{10,64}|-)\ (\S+)                    # bucket owner, bucket
    \ \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)\ ([+-]\d{4})\]
    \ (\S+)\ (\S+)\ (\S+)\ (\S+)\ (\S+)           # remote IP, requester, request id, operation, key
    \ (?>                                         # once found, taken: no second try, so that no line takes long
        (?:"(.*?)"|-)                             # request
        \ (\d{3}|-)\ (\S+)\ (\d+|-)\ (\d+|-)     # status, error code, bytes sent, object size
        \ (\d+|-)\ (\d+|-)                        # total and turn-around time
    )
    \ (?>(?:"(.*?)"|-)(?=\ ["-]))                 # referrer
    \ (?>(?:"(.*)"|-))                            # user agent: no later field has quotes
    (?:\ ([^\s"]+))?                              # version id
    ([^"]*)                                       # what later years added
    """,
    re.VERBOSE | re.DOTALL,
)
_KEPT = (
    "bucket_owner",
    "bucket",
    "request_id",
    "operation",
    "key",
    "error_code",
    "object_size",
    "turn_around_time_ms",
    "version_id",
)
_REST = (
    "host_id",
    "signature_version",
    "cipher_suite",
    "authentication_type",
    "host",
    "tls_version",
    "access_point_arn",
    "acl_required",
)
_NOT_GIVEN = frozenset({None, "-", ""})
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


class S3AccessLog(TextFormat):
    """Server access logs of S3 buckets."""

    name = "aws_s3_access_log"
    label = Bilingual(ja="Amazon S3 サーバーアクセスログ", en="Amazon S3 server access log")
    role = "partial_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such."""
        share = head.share(lambda line: _LINE.fullmatch(line.decode("utf-8", "backslashreplace")))
        return Recognition(share, "s3_access_log", share_in_words(share, "S3 access log")) if share else None

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        rows = Rows()
        for number, offset, line in block.lines():
            if not line.strip():
                part.ignored["blank"] += 1
                continue
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("utf-8", "backslashreplace")
                part.facts["lines_not_utf8"] += 1
            found = _LINE.fullmatch(text)
            time = _time(found[3], found[4]) if found else None
            if found is None or time is None:
                part.reject(number, offset, "time_not_valid" if found else "not_s3_access_log")
                continue
            values = [None if value in _NOT_GIVEN else value for value in found.groups()]
            rows.add("http_activity", _row(values, time, number, offset))
            part.events += 1
        part.tables = rows.tables()
        return part


def _row(values: list[str | None], time: int, line: int, byte_offset: int) -> Row:
    """The row of a line, of which ``values`` are the fields that are given."""
    (owner, bucket, _, _, address, requester, request_id, operation, key, request) = values[:10]
    (status, error, sent, size, total, turn_around, referrer, user_agent, version_id, rest) = values[10:]
    about = (owner, bucket, request_id, operation, key, error, integer_of(size), integer_of(turn_around), version_id)
    unmapped: Row = {name: value for name, value in zip(_KEPT, about, strict=True) if value is not None}
    if rest:
        for name, text in zip(_REST, rest.split(), strict=False):
            if text != "-":
                unmapped[name] = text
    method, path, query, version = _request(request)
    milliseconds = integer_of(total)
    return {
        "time": time,
        "line": line,
        "byte_offset": byte_offset,
        "duration_us": None if milliseconds is None else min(milliseconds, 1 << 50) * 1000,
        "src_ip": address_of(address),
        "user_name": requester,
        "host": unmapped.pop("host", None),
        "method": method,
        "url_path": path,
        "url_query": query,
        "http_version": version,
        "status": status_of(status),
        "bytes_out": integer_of(sent),
        "referrer": referrer,
        "user_agent": user_agent,
        "unmapped": as_json(unmapped) if unmapped else None,
    }


def _request(request: str | None) -> tuple[str | None, str | None, str | None, str | None]:
    """Method, path, query and version; what is no request line stands as the path."""
    if request is None:
        return None, None, None, None
    method, space, target = request.partition(" ")
    if not space or not method.isalpha():
        return None, request, None, None
    target, space, version = target.rpartition(" HTTP/")
    if not space:
        target, version = version, ""
    path, mark, query = target.partition("?")
    return method, path, query if mark else None, version or None


@lru_cache(maxsize=1 << 12)
def _time(clock: str, zone: str) -> int | None:
    """Microseconds since 1970 of ``01/Aug/2019:00:24:41`` in ``+0000``."""
    month = _MONTHS.get(clock[3:6])
    return utc_microseconds(f"{clock[7:11]}-{month}-{clock[:2]}T{clock[12:]}{zone}") if month else None
