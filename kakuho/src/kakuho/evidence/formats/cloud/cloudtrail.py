"""AWS CloudTrail: documents ``{"Records":[…]}`` as they lie in the bucket, and events one a line.

In a document the unit is the record (its ordinal counts as the line); in lines it is the line. ``unmapped`` holds what
no column holds, under CloudTrail's own names (AWS: "CloudTrail record contents"). Records of digest files, which are
signatures over log files and no events, are ignored by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, share_in_words
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.json_documents import record_blocks
from kakuho.evidence.formats.json_lines import JsonLinesFormat
from kakuho.evidence.formats.json_records import Row, Rows, address_of, as_json, json_of, text_of, utc_microseconds
from kakuho.language import Bilingual

_DOCUMENT = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,100}\{\s{0,100}"Records"\s{0,100}:\s{0,100}\[')
_RECORDS = frozenset({"Records"})
_EVENT_KEYS = ("eventVersion", "awsRegion")
_KEYS = frozenset(
    {
        "awsRegion",
        "errorCode",
        "eventCategory",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "managementEvent",
        "readOnly",
        "recipientAccountId",
        "requestID",
        "requestParameters",
        "responseElements",
        "sourceIPAddress",
        "userAgent",
        "userIdentity",
    }
)
_SIGN_IN = "signin.amazonaws.com"


class CloudTrail(JsonLinesFormat):
    """CloudTrail log files."""

    name = "aws_cloudtrail"
    label = Bilingual(ja="AWS CloudTrail", en="AWS CloudTrail")
    role = "api_log"
    tables = ("api_activity", "authentication")
    version = 2
    ignored_as = "cloudtrail_digest"

    def recognise(self, head: Head) -> Recognition | None:
        """By the document's first key together with names of events, or by the share of lines that are events."""
        if _DOCUMENT.match(head.data):
            if not head.is_whole and not all(b'"%s"' % key.encode() in head.data for key in _EVENT_KEYS):
                return None
            if head.is_whole and b'"eventVersion"' not in head.data:
                return None
            why = Bilingual(ja="CloudTrail の Records の文書", en="a CloudTrail document of Records")
            return Recognition(1.0, "document", why)
        share = head.share(_is_of_cloudtrail)
        return Recognition(share, "lines", share_in_words(share, "CloudTrail")) if share else None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Records of a document, or lines."""
        if _DOCUMENT.match(source.content.read(0, 4096)):
            return record_blocks(source.content, _RECORDS, _KEYS)
        return line_blocks(source.content)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record or line is an event, ignored by rule, or rejected."""
        return self.read_lines(block, declared) if block.context is None else self.read_records(block)

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """The API call; a sign-in to the console is an authentication too."""
        if "digestStartTime" in record and "eventVersion" not in record:
            return self.ignored_as
        time = utc_microseconds(record.get("eventTime") or record.get("@timestamp"))
        if time is None:
            return "time_not_valid" if "eventVersion" in record else "not_cloudtrail"
        call = _call(record, {"time": time, "line": line, "byte_offset": byte_offset})
        rows.add("api_activity", call)
        if call["service"] == _SIGN_IN:
            rows.add("authentication", _sign_in(call))
        return None


def _is_of_cloudtrail(line: bytes) -> bool:
    if b'"eventVersion"' not in line and b'"digestStartTime"' not in line:
        return False
    record = json_of(line)
    if not isinstance(record, dict):
        return False
    is_event = all(key in record for key in _EVENT_KEYS) and ("eventSource" in record or "insightDetails" in record)
    return is_event or "digestPublicKeyFingerprint" in record


def _call(record: dict[str, Any], row: Row) -> Row:
    """The call of a record, which is emptied of what has a column."""
    identity = _mapping(record.get("userIdentity"))
    request = _mapping(record.get("requestParameters"))
    insight = _mapping(record.get("insightDetails"))
    source = record.get("sourceIPAddress")
    address = address_of(source)
    error = text_of(record.pop("errorCode", None))
    message = text_of(record.pop("errorMessage", None))
    response = record.get("responseElements")
    result = response.get("ConsoleLogin") if type(response) is dict else None
    failed = error is not None or message is not None or result == "Failure"
    kind = identity.get("type")
    call = {
        **row,
        "service": text_of(record.pop("eventSource", None) or insight.get("eventSource")),
        "operation": text_of(record.pop("eventName", None) or insight.get("eventName")),
        "outcome": "failure" if failed else "success",
        "error": error or message,
        "user_name": _user_name(identity),
        "user_type": text_of(kind),
        "credential_id": text_of(identity.get("accessKeyId")),
        "account": text_of(record.get("recipientAccountId") or identity.get("accountId")),
        "region": text_of(record.pop("awsRegion", None)),
        "resource": _resource(record.get("resources"), request),
        "src_ip": address,
        "user_agent": text_of(record.pop("userAgent", None)),
        "session_id": text_of(identity.get("principalId")) if kind == "AssumedRole" else None,
        "request_id": text_of(record.pop("requestID", None)),
        "message": message,
    }
    if address == source:
        record.pop("sourceIPAddress", None)
    record.pop("eventTime", None)
    call["unmapped"] = as_json(record) if record else None
    return call


def _sign_in(call: Row) -> Row:
    return {
        **{name: call[name] for name in ("time", "line", "byte_offset", "service", "outcome", "user_name", "src_ip")},
        "activity": "logon" if call["operation"] == "ConsoleLogin" else call["operation"],
        "user_domain": call["account"],
        "logon_type": "console",
        "message": call["message"],
        "unmapped": call["unmapped"],
    }


def _user_name(identity: dict[str, Any]) -> str | None:
    """Who called: the user's name; of a role that was assumed the role's name; the service that called; root."""
    issuer = _mapping(_mapping(identity.get("sessionContext")).get("sessionIssuer"))
    name = identity.get("userName") or issuer.get("userName") or identity.get("invokedBy")
    if name:
        return text_of(name)
    arn = identity.get("arn")
    if isinstance(arn, str) and "/" in arn:
        return arn.split("/")[1] or None
    return "root" if identity.get("type") == "Root" else None


def _resource(resources: Any, request: dict[str, Any]) -> str | None:
    """The resources by their names; of S3 the bucket and the key that were asked for."""
    bucket = request.get("bucketName")
    if isinstance(bucket, str):
        key = request.get("key")
        return f"arn:aws:s3:::{bucket}/{key}" if isinstance(key, str) else f"arn:aws:s3:::{bucket}"
    if not isinstance(resources, list):
        return None
    names = [one.get("ARN") or one.get("ARNPrefix") for one in resources if isinstance(one, dict)]
    return " ".join(name for name in names if isinstance(name, str)) or None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
