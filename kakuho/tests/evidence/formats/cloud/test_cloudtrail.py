"""CloudTrail as it lies in a bucket: documents of Records, read record by record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats import json_documents
from kakuho.evidence.formats.cloud.cloudtrail import CloudTrail
from kakuho.evidence.formats.cloud.s3_access_log import S3AccessLog

from ...reading import read, read_whole, recognise, source_file

EVENT: dict[str, Any] = {
    "eventVersion": "1.08",
    "eventID": "e",
    "eventTime": "2025-03-19T00:00:01Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "ap-northeast-1",
    "sourceIPAddress": "192.0.2.7",
    "userIdentity": {"type": "AssumedRole", "principalId": "AROA:花子", "arn": "arn:aws:sts::1:assumed-role/web/花子"},
    "requestParameters": {"bucketName": "policies", "key": "dump.sql"},
    "errorCode": "AccessDenied",
}


def _document(count: int, indent: int | None = None) -> str:
    records = [EVENT | {"eventID": f"e{number}"} for number in range(count)]
    return json.dumps({"Records": records}, ensure_ascii=False, indent=indent)


def _read(tmp_path: Path, data: str | bytes) -> tuple[list[dict[str, Any]], Any]:
    path = tmp_path / "trail.json"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(CloudTrail(), path)


def test_a_call_that_was_denied(tmp_path: Path) -> None:
    (row,), _ = _read(tmp_path, _document(1))
    assert str(row.pop("time")) == "2025-03-19 00:00:01"
    unmapped = json.loads(row.pop("unmapped"))
    assert row == {
        "line": 1,
        "byte_offset": len('{"Records": ['),
        "service": "s3.amazonaws.com",
        "operation": "GetObject",
        "outcome": "failure",
        "error": "AccessDenied",
        "user_name": "web",
        "user_type": "AssumedRole",
        "region": "ap-northeast-1",
        "resource": "arn:aws:s3:::policies/dump.sql",
        "src_ip": "192.0.2.7",
        "session_id": "AROA:花子",
    }
    assert unmapped["requestParameters"] == EVENT["requestParameters"]
    assert unmapped["userIdentity"] == EVENT["userIdentity"]


@pytest.mark.parametrize("indent", [None, 2])
def test_every_record_of_a_document_stands_at_its_offset(tmp_path: Path, indent: int | None) -> None:
    text = _document(50, indent).encode()
    rows, part = _read(tmp_path, text)
    assert [row["line"] for row in rows] == list(range(1, 51))
    for number, row in enumerate(rows):
        record, _ = json.JSONDecoder().raw_decode(text[row["byte_offset"] :].decode())
        assert record["eventID"] == f"e{number}"
    assert part.rejects == []


def test_documents_one_after_another_and_events_one_a_line(tmp_path: Path) -> None:
    rows, _ = _read(tmp_path, _document(2) + "\n" + _document(3) + "\n")
    assert len(rows) == 5
    rows, part = _read(tmp_path, json.dumps(EVENT) + "\n\n" + json.dumps(EVENT)[:50])
    assert (len(rows), part.ignored, part.rejects[0][2]) == (1, {"blank": 1}, "line_cut_off")


def test_small_reads_give_what_one_read_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _document(30, 1)
    whole, _ = _read(tmp_path, text)
    monkeypatch.setattr(json_documents, "READ_BYTES", 97)
    monkeypatch.setattr(json_documents, "BLOCK_BYTES", 1000)
    assert _read(tmp_path, text)[0] == whole


def test_what_is_damaged_or_cut_off_is_rejected_and_the_rest_read(tmp_path: Path) -> None:
    text = _document(5)
    at = text.index('"e2"')
    rows, part = _read(tmp_path, text[:at] + "}" + text[at:-40])
    assert [json.loads(row["unmapped"])["eventID"] for row in rows] == ["e0", "e1", "e3"]
    assert [reason for _, _, reason in part.rejects] == ["record_not_json", "record_not_json"]


def test_a_sign_in_at_the_console_is_an_authentication_too(tmp_path: Path) -> None:
    event = EVENT | {
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "userIdentity": {"type": "Root", "accountId": "123456789012"},
        "responseElements": {"ConsoleLogin": "Failure"},
    }
    del event["errorCode"]
    rows, part = _read(tmp_path, json.dumps(event))
    assert part.events == 1
    login = next(row for row in rows if "activity" in row)
    assert (login["activity"], login["outcome"], login["user_name"], login["user_domain"]) == (
        "logon",
        "failure",
        "root",
        "123456789012",
    )


def test_other_documents_are_not_taken_for_cloudtrail(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ('{"Records": [{"s3": {"object": 1}}]}', '{"eventVersion": "1"}', '{"Records": []}', "[]"):
        path.write_text(text, encoding="utf-8")
        assert recognise(CloudTrail(), path) is None


S3_LINE = (
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be policies [19/Mar/2025:09:00:01 +0900] 192.0.2.7 "
    '- 3E57427F3EXAMPLE REST.GET.OBJECT dump.sql "GET /policies/dump.sql?x=%22 HTTP/1.1" 200 - 90000000 90000000 70 10 '
    '"-" "curl/8 "quoted" x" - hostid= SigV4 ECDHE-RSA AuthHeader policies.s3.example TLSv1.3 - Yes\n'
)


def test_a_line_of_an_s3_access_log(tmp_path: Path) -> None:
    path = tmp_path / "s3.log"
    path.write_text(S3_LINE, encoding="utf-8")
    (row,), _ = read(S3AccessLog(), path)
    assert str(row["time"]) == "2025-03-19 00:00:01"
    assert (row["src_ip"], row["method"], row["url_path"], row["url_query"]) == (
        "192.0.2.7",
        "GET",
        "/policies/dump.sql",
        "x=%22",
    )
    assert (row["status"], row["bytes_out"], row["duration_us"], row["host"]) == (
        200,
        90_000_000,
        70_000,
        "policies.s3.example",
    )
    assert json.loads(row["unmapped"])["acl_required"] == "Yes"
    assert row["user_agent"] == 'curl/8 "quoted" x'


def test_a_line_of_quotes_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "s3.log"
    evil = S3_LINE.split('"GET', maxsplit=1)[0] + '"' + '" 200 - 1 1 1 1 "' * 20_000
    path.write_text(evil + "\n", encoding="utf-8")
    part = read_whole(S3AccessLog(), source_file(path))
    assert part.lines == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_every_record_is_an_event_ignored_or_rejected(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(
        (data.draw(st.sampled_from([_document(3), _document(2, 1), json.dumps(EVENT), S3_LINE]))).encode()
    )
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content)))
        piece = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"}", b"{", b"[", b"]", b"},{", b"\\", b"\\ud800"])
        )
        content[at : at + data.draw(st.integers(0, 6))] = piece
    path = tmp_path / "trail.json"
    path.write_bytes(bytes(content))
    for known in (CloudTrail(), S3AccessLog()):
        recognise(known, path)
        for table in read_whole(known, source_file(path)).tables.values():
            table.to_pylist()
