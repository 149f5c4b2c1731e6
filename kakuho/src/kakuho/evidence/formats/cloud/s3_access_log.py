r"""Amazon S3 server access logs.

Space-separated, quoted where a field may hold spaces (AWS: "Amazon S3 server access log format"): bucket owner, bucket,
[time], remote IP, requester, request id, operation, key, "request", status, error code, bytes sent, object size, total
time (ms), turn-around time (ms), "referrer", "user agent", version id, and, as the years added them, host id, signature
version, cipher suite, authentication type, host header, TLS version, access point ARN, ACL required. Quotes within a
quoted field are not escaped: the request ends where the numbers follow, the user agent at the last quote of the line.

Lines whose fields hold nothing unusual, nearly all, are read column by column (:mod:`.s3_regular`), the others here.

Delivery is best effort: a missing line does not say that nothing happened, so the role is ``partial_log``.
"""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.cloud.s3_regular import ADDED, COLUMNS, RegularLines, time_of
from kakuho.evidence.formats.json_records import address_of, as_json, integer_of, status_of
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_LINE = re.compile(
    r"""
    ([0-9a-z]{10,64}|-)\ (\S+)                    # bucket owner, bucket
    \ \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\ [+-]\d{4})\]
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
_NOT_GIVEN = frozenset({None, "-", ""})


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
        regular, rows = RegularLines(part), list[tuple[Any, ...]]()
        for number, offset, line in block.lines():
            if not line.strip():
                part.ignored["blank"] += 1
                continue
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("utf-8", "backslashreplace")
                part.facts["lines_not_utf8"] += 1
            if regular.take(text, number, offset):
                continue
            found = _LINE.fullmatch(text)
            time = time_of(found[3]) if found else None
            if found is None or time is None:
                part.reject(number, offset, "time_not_valid" if found else "not_s3_access_log")
                continue
            rows.append((time, number, offset, *_told(*found.groups())))
        table = regular.table()
        if rows:
            careful = table_of("http_activity", dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))
            table = pa.concat_tables([table, careful]).sort_by("line")
        part.events = len(table)
        part.tables = {"http_activity": table} if len(table) else {}
        return part


def _told(
    owner: str,
    bucket: str,
    _time: str,
    address: str,
    requester: str,
    request_id: str,
    operation: str,
    key: str,
    request: str | None,
    status: str,
    error: str,
    sent: str,
    size: str,
    total: str,
    turn_around: str,
    referrer: str | None,
    user_agent: str | None,
    version_id: str | None,
    rest: str,
) -> tuple[Any, ...]:
    """The values of the columns from ``duration_us`` on, of the fields of a line."""
    method, path, query, version = _request(None if request in _NOT_GIVEN else request)
    about = {
        "bucket_owner": owner,
        "bucket": bucket,
        "request_id": request_id,
        "operation": operation,
        "key": key,
        "error_code": error,
        "object_size": integer_of(size),
        "turn_around_time_ms": integer_of(turn_around),
        "version_id": version_id,
        **dict(zip(ADDED, rest.split(), strict=False)),
    }
    unmapped = {name: value for name, value in about.items() if value not in _NOT_GIVEN}
    milliseconds = integer_of(total)
    return (
        None if milliseconds is None else min(milliseconds, 1 << 50) * 1000,
        address_of(address),
        None if requester == "-" else requester,
        unmapped.pop("host", None),
        method,
        path,
        query,
        version,
        status_of(status),
        integer_of(sent),
        None if referrer in _NOT_GIVEN else referrer,
        None if user_agent in _NOT_GIVEN else user_agent,
        as_json(unmapped) if unmapped else None,
    )


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
