"""Generated files whose unit is no line: JSON documents of CloudTrail and HAR, ModSecurity's records of many lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks._text_logs import Moment, moments

RECORDS_MADE = 20_000


def _cloudtrail(at: Moment) -> dict[str, Any]:
    arn = f"arn:aws:sts::123456789012:assumed-role/web/i-{at.large:x}"
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROAEXAMPLE:i-{at.large:x}",
            "arn": arn,
            "accountId": "123456789012",
            "accessKeyId": f"ASIA{at.number:016}",
            "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "web"}, "attributes": {}},
        },
        "eventTime": f"{at.time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "ap-northeast-1",
        "sourceIPAddress": at.address,
        "userAgent": f"[{at.agent}]",
        "requestParameters": {"bucketName": "policies", "key": at.path, "Host": "policies.s3.amazonaws.com"},
        "responseElements": None,
        "additionalEventData": {"SignatureVersion": "SigV4", "bytesTransferredOut": at.large},
        "requestID": f"{at.number:016X}",
        "eventID": f"{at.number:08x}-0000-4000-8000-000000000000",
        "readOnly": True,
        "resources": [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::policies{at.path}"}],
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": "123456789012",
        "eventCategory": "Data",
    }


def _har(at: Moment) -> dict[str, Any]:
    names = ("Accept", "Accept-Language", "Cookie", "Host", "Referer", "User-Agent", "Sec-Fetch-Mode", "Connection")
    headers = [{"name": name, "value": at.agent if name == "User-Agent" else f"{name} {at.small}"} for name in names]
    return {
        "startedDateTime": f"{at.time:%Y-%m-%dT%H:%M:%S}.250Z",
        "time": 12.5,
        "request": {
            "method": "GET",
            "url": f"https://shop.example{at.path}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers,
            "queryString": [],
            "headersSize": 500,
            "bodySize": 0,
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers[:4],
            "content": {"size": at.large, "mimeType": "text/html", "text": "<p>" + "山田 " * 100 + "</p>"},
            "redirectURL": "",
            "headersSize": 300,
            "bodySize": at.large,
        },
        "cache": {},
        "timings": {"send": 0.1, "wait": 12, "receive": 0.4},
        "serverIPAddress": "192.0.2.9",
    }


def _modsecurity(at: Moment) -> str:
    mark = f"{at.number % 0xFFFFFFFF:08x}"
    return (
        f"--{mark}-A--\n[{at.time:%d/%b/%Y:%H:%M:%S} +0000] {at.number:024} {at.address} {at.port} 192.0.2.9 443\n"
        f"--{mark}-B--\nGET {at.path} HTTP/1.1\nHost: shop.example\nUser-Agent: {at.agent}\nAccept: */*\n\n"
        f"--{mark}-F--\nHTTP/1.1 403 Forbidden\nContent-Length: {at.small}\nContent-Type: text/html\n\n--{mark}-H--\n"
        'Message: Access denied with code 403 (phase 2). [file "/etc/crs/rules/942.conf"] [line "45"] [id "942100"] '
        '[msg "SQL Injection Attack Detected via libinjection"] [severity "CRITICAL"] [tag "attack-sqli"]\n'
        f'Stopwatch: 1742342400000000 {at.large}\nEngine-Mode: "ENABLED"\n\n--{mark}-Z--\n\n'
    )


def _json(record: Callable[[Moment], dict[str, Any]]) -> Callable[[Moment], str]:
    return lambda at: json.dumps(record(at), separators=(",", ":"), ensure_ascii=False)


DOCUMENTS: dict[str, tuple[str, Callable[[Moment], str], str, str]] = {
    "aws_cloudtrail": ('{"Records":[', _json(_cloudtrail), ",", "]}"),
    "har": ('{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[', _json(_har), ",", "]}}"),
    "modsecurity_audit_log": ("", _modsecurity, "", ""),
}
"""How a document begins, a record of it, what stands between two records, how it ends."""


def write_document(path: Path, name: str, records: int) -> None:
    """A document of so many records."""
    begin, record, between, end = DOCUMENTS[name]
    made = [record(at) for at in islice(moments(), min(records, RECORDS_MADE))]
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for written in range(0, records, len(made)):
            file.write(between.join(made[: records - written]) + (between if written + len(made) < records else ""))
        file.write(end)
