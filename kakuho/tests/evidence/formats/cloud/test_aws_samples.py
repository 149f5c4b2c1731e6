"""AWS logs of others with the events that they expect of them, field by field."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from kakuho.evidence.formats.cloud.cloudtrail import CloudTrail
from kakuho.evidence.formats.cloud.s3_access_log import S3AccessLog

from ...reading import read, recognise
from ...samples import sample
from ..comparison import Comparison
from ..ecs import flat, to_millisecond, utc
from .differences import CLOUDTRAIL_ELASTIC, CLOUDTRAIL_OCSF, S3_ELASTIC

AWS = ("elastic-integrations", "packages", "aws", "data_stream")
CLOUDTRAIL = {
    "event.provider": "service",
    "event.action": "operation",
    "event.outcome": "outcome",
    "aws.cloudtrail.error_code": "error",
    "aws.cloudtrail.error_message": "message",
    "user.name": "user_name",
    "aws.cloudtrail.user_identity.type": "user_type",
    "aws.cloudtrail.user_identity.access_key_id": "credential_id",
    "cloud.account.id": "account",
    "cloud.region": "region",
    "source.ip": "src_ip",
    "user_agent.original": "user_agent",
    "aws.cloudtrail.request_id": "request_id",
}
S3 = {
    "http.request.method": "method",
    "http.response.status_code": "status",
    "http.response.body.bytes": "bytes_out",
    "http.version": "http_version",
    "aws.s3access.requester": "user_name",
    "client.ip": "src_ip",
    "aws.s3access.host_header": "host",
    "aws.s3access.bytes_sent": "bytes_out",
    "url.path": "url_path",
    "url.query": "url_query",
    "user_agent.original": "user_agent",
    "http.request.referrer": "referrer",
}
S3_UNMAPPED = ("bucket", "bucket_owner", "request_id", "operation", "key", "error_code", "object_size", "version_id")


def test_cloudtrail_as_elastic_expects_it() -> None:
    comparison = Comparison(CLOUDTRAIL_ELASTIC)
    for path in sorted(sample(*AWS, "cloudtrail", "_dev", "test", "pipeline").glob("*.log")):
        expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))["expected"]
        rows, part = read(CloudTrail(), path)
        calls = {row["line"]: row for row in rows if "region" in row or "operation" in row}
        signed_in = {row["line"] for row in rows if "activity" in row}
        comparison.compare(path.name, "lines", part.lines, len(expected))
        for line, theirs in enumerate(expected, 1):
            if line not in calls:
                comparison.compare(path.name, "event", "ignored", "event")
                continue
            their = flat(theirs)
            comparison.compare(path.name, "@timestamp", calls[line]["time"], utc(their["@timestamp"]))
            for name, column in CLOUDTRAIL.items():
                if name in their:
                    comparison.compare(path.name, name, calls[line].get(column), their[name])
            is_login = their.get("event.action") == "ConsoleLogin"
            comparison.compare(path.name, "authentication", line in signed_in, is_login)
    comparison.check("aws_cloudtrail | elastic-integrations")


OCSF = {
    "api.operation": "operation",
    "api.service.name": "service",
    "api.request.uid": "request_id",
    "actor.user.name": "user_name",
    "actor.user.type": "user_type",
    "actor.user.credential_uid": "credential_id",
    "cloud.region": "region",
    "src_endpoint.ip": "src_ip",
    "http_request.user_agent": "user_agent",
    "status": "outcome",
}


def test_cloudtrail_as_the_ocsf_examples_map_it(tmp_path: Path) -> None:
    comparison = Comparison(CLOUDTRAIL_OCSF)
    folder = sample("ocsf-examples", "mappings", "markdown", "AWS")
    for raw in sorted(folder.glob("*/CloudTrail/*/samples/*.raw")):
        try:
            theirs = json.loads(raw.with_suffix(".ocsf").read_text(encoding="utf-8"))
        except ValueError:
            continue  # two of the examples are no strict JSON, as their SOURCE.txt says
        log = tmp_path / "trail.json"
        log.write_text(json.dumps(json.loads(raw.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
        rows, _ = read(CloudTrail(), log)
        call = next(row for row in rows if "operation" in row)
        name = str(raw.relative_to(folder))
        their = flat(theirs)
        comparison.compare(name, "time", call["time"].replace(tzinfo=dt.UTC).timestamp() * 1000, their["time"])
        for field, column in OCSF.items():
            if field in their:
                value = their[field].lower() if field == "status" else their[field]
                comparison.compare(name, field, call.get(column), value)
    comparison.check("aws_cloudtrail | ocsf-examples")


def test_the_stolen_keys_of_a_bank_breach() -> None:
    path = next(sample("otrf-security-datasets", "atomic", "aws", "collection").glob("*.json"))
    rows, part = read(CloudTrail(), path)
    calls = [row for row in rows if "operation" in row]
    assert (part.events, part.rejects) == (103, [])
    taken = [row for row in calls if row["operation"] == "GetObject"]
    assert [(row["user_type"], row["outcome"], row["resource"]) for row in taken] == [
        ("AssumedRole", "success", "arn:aws:s3:::mordors3stack-s3bucket-llp2yingx64a/ring.txt")
    ] * 2
    assert len([row for row in calls if row["operation"] == "ListObjects"]) == 7


def test_s3_access_log_as_elastic_expects_it() -> None:
    comparison = Comparison(S3_ELASTIC)
    path = sample(*AWS, "s3access", "_dev", "test", "pipeline", "test-s3-server-access.log")
    expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))["expected"]
    rows, part = read(S3AccessLog(), path)
    assert (part.events, part.rejects) == (len(expected), [])
    for ours, theirs in zip(rows, expected, strict=True):
        their = flat(theirs)
        unmapped: dict[str, Any] = json.loads(ours["unmapped"])
        comparison.compare(path.name, "@timestamp", to_millisecond(ours["time"]), utc(their["@timestamp"]))
        for name, column in S3.items():
            if name in their:
                comparison.compare(path.name, name, ours.get(column), their[name])
        for name in S3_UNMAPPED:
            if f"aws.s3access.{name}" in their:
                comparison.compare(path.name, name, unmapped.get(name), their[f"aws.s3access.{name}"])
        if "event.duration" in their:
            comparison.compare(path.name, "event.duration", ours["duration_us"] * 1000, their["event.duration"])
    comparison.check("aws_s3_access_log | elastic-integrations")


def test_each_sample_is_recognised() -> None:
    for path in sample(*AWS, "cloudtrail", "_dev", "test", "pipeline").glob("*.log"):
        found = recognise(CloudTrail(), path)
        assert found is not None, path.name
        assert found.confidence >= 0.9, path.name
    found = recognise(S3AccessLog(), sample(*AWS, "s3access", "_dev", "test", "pipeline", "test-s3-server-access.log"))
    assert found is not None
    assert found.confidence == 1.0
