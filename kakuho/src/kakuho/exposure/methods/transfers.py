"""The attacker's events that read, copied, sent or downloaded a file: which file, how much of it, how surely.

Read off web and S3 access logs, CloudTrail, auditd and Windows (file and process activity), sftp-server, Zeek,
Suricata and Postfix. ``whole`` is said only where the event shows every byte going out: what a program opened, or
what stands in a command line, shows none.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

TABLES = ("http_activity", "file_activity", "process_activity", "api_activity", "base_event")
READS = frozenset({"read", "open", "copy", "rename", "link", "unknown", "other", "update", "create"})
"""What a program can do with a file after which its content may be elsewhere."""
DUMP_PROGRAMS = frozenset(
    ["pg_dump", "pg_dumpall", "pg_basebackup", "mysqldump", "mariadb-dump", "mydumper", "mysqlpump", "mariabackup",
     "xtrabackup", "sqlpackage", "expdp", "mongodump"]
)  # fmt: skip
_NO_BODY = frozenset([204, 205])
_FILE_PROTOCOLS = frozenset(["FTP_DATA", "SMTP", "SMB", "ftp-data", "smtp", "smb", "nfs"])
"""What comes by HTTP an access log tells, and every page of it would be a file here."""
_SHELL = re.compile(r"[;&|<>()\s\"'=]+")
_S3_ARN = re.compile(r"arn:aws[\w-]*:s3:::([^/\s]+)/(\S+)")
_SFTP_CLOSE = re.compile(r'close "(?P<path>.*)" bytes read (?P<read>\d+) written \d+\Z')
_SFTP_RENAME = re.compile(r'(?:posix-)?rename old "(?P<path>.*)" new ".*"\Z')


@dataclass(frozen=True)
class Transfer:
    """``location``: a path, ``s3://bucket/key``, a path of a web server, or a bare name; None where only a hash or a
    mail's id is known. ``size``: bytes that went out. ``whole``: they are all bytes of the file, of which ``sha256``
    or ``size`` tells which one it was. ``outward``: the event alone shows a file leaving, past the web server.
    """

    source_id: int
    line: int
    byte_offset: int
    time: datetime
    certain: bool
    kind: str
    location: str | None = None
    size: int | None = None
    whole: bool = False
    sha256: str | None = None
    message_id: str | None = None
    program: str | None = None
    outward: bool = False

    @property
    def name(self) -> str | None:
        """The last part of the location."""
        return re.split(r"[\\/]", self.location)[-1] or None if self.location else None


def transfers(table: str, row: Mapping[str, Any]) -> Iterator[Transfer]:
    """Those that one event of the attacker's shows."""
    base = {key: row[key] for key in ("source_id", "line", "byte_offset", "time", "certain")}
    more = _object(row.get("unmapped"))
    if table == "http_activity":
        yield from _requested(row, more, base)
    elif table == "api_activity":
        yield from _called(row, more, base)
    elif table == "file_activity":
        if row["file_path"] and row["activity"] in READS and row["outcome"] != "failure":
            yield Transfer(**base, kind="read", location=row["file_path"])
    elif table == "process_activity":
        if row["outcome"] != "failure":
            where = more.get("CWD")
            folder = _text(where.get("cwd")) if isinstance(where, dict) else None
            yield from _commanded(row["command_line"] or "", folder, base)
    elif table == "base_event":
        yield from _told(row, more, base)


def _requested(row: Mapping[str, Any], more: Mapping[str, Any], base: dict[str, Any]) -> Iterator[Transfer]:
    """A request whose answer can have had a body; of S3 the object's key is named.

    No bytes in the log mean nothing by themselves: gunicorn counts none of what the kernel sends for it (sendfile).
    """
    status, sent = row["status"], row["bytes_out"] or None
    if status is None or not 200 <= status < 300 or status in _NO_BODY or row["method"] == "HEAD":
        return
    if isinstance(more.get("bucket"), str):
        operation = str(more.get("operation", ""))
        if "GET" not in operation and "COPY" not in operation:
            return
        location = f"s3://{more['bucket']}/{unquote(unquote(str(more.get('key', ''))))}"
        whole = status == 200 and sent is not None and sent == more.get("object_size")
    else:
        if row["method"] not in ("GET", "POST") or not row["url_path"]:
            return
        location = unquote(row["url_path"])
        whole = status == 200 and sent is not None
    yield Transfer(**base, kind="download", location=location, size=sent, whole=whole)


def _called(row: Mapping[str, Any], more: Mapping[str, Any], base: dict[str, Any]) -> Iterator[Transfer]:
    """GetObject and CopyObject of CloudTrail, whose additionalEventData has the bytes."""
    if row["outcome"] == "failure" or row["operation"] not in ("GetObject", "CopyObject", "SelectObjectContent"):
        return
    request = more.get("requestParameters")
    asked = request if isinstance(request, dict) else {}
    data = more.get("additionalEventData")
    sent = data.get("bytesTransferredOut") if isinstance(data, dict) else None
    size = int(sent) if isinstance(sent, int | float) else None
    part = any(key in asked for key in ("Range", "range", "partNumber"))
    whole = row["operation"] == "GetObject" and size is not None and not part
    copied = str(asked.get("x-amz-copy-source", "")).lstrip("/")
    if copied:
        yield Transfer(**base, kind="copy", location=f"s3://{unquote(copied)}", outward=True)
    for bucket, key in _S3_ARN.findall(row["resource"] or ""):
        yield Transfer(**base, kind="download", location=f"s3://{bucket}/{key}", size=size, whole=whole, outward=True)


def _commanded(command: str, folder: str | None, base: dict[str, Any]) -> Iterator[Transfer]:
    """The paths that a command line names, and the dump programs that it starts; ``folder``: where it was started."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    for word in dict.fromkeys([*words, *_SHELL.split(command)]):
        program = word.rpartition("/")[2].removesuffix(".exe")
        if program in DUMP_PROGRAMS:
            yield Transfer(**base, kind="dump", program=program)
        location = word.removeprefix("file://").removeprefix("@").rpartition("=")[2]
        if location.startswith("s3://") or "/" in location or "." in location or "*" in location:
            inner = location.rpartition(":")[2] if "//" not in location else location
            for one in dict.fromkeys((location, inner)):
                under = folder is not None and one and not one.startswith("/") and "//" not in one
                whole = posixpath.normpath(posixpath.join(folder or "", one)) if under else one
                yield Transfer(**base, kind="command", location=whole)


def _told(row: Mapping[str, Any], more: Mapping[str, Any], base: dict[str, Any]) -> Iterator[Transfer]:
    """A file seen on the wire, a session of sftp-server, a mail."""
    code, program, message = row["event_code"], row["application"] or "", row["message"] or ""
    if program == "zeek" and code == "files":
        seen, total = more.get("seen_bytes"), more.get("total_bytes")
        whole = isinstance(seen, int) and total in (None, seen) and not more.get("missing_bytes")
        whole = whole and not more.get("overflow_bytes") and not more.get("timedout")
        yield Transfer(**base, kind="seen", location=_text(more.get("filename")), size=seen, whole=whole,
                       sha256=_text(more.get("sha256")), outward=more.get("source") in _FILE_PROTOCOLS)  # fmt: skip
    elif program == "zeek" and code == "smtp":
        yield Transfer(**base, kind="mail", message_id=_text(more.get("msg_id")))
    elif program == "suricata" and code == "fileinfo":
        info = more.get("fileinfo")
        about = info if isinstance(info, dict) else {}
        whole = about.get("state") == "CLOSED" and not about.get("gaps") and isinstance(about.get("size"), int)
        yield Transfer(**base, kind="seen", location=_text(about.get("filename")), size=about.get("size"), whole=whole,
                       sha256=_text(about.get("sha256")),
                       outward=more.get("app_proto") in _FILE_PROTOCOLS)  # fmt: skip
    elif "sftp" in program:
        if (closed := _SFTP_CLOSE.match(message)) and int(closed["read"]):
            yield Transfer(**base, kind="download", location=closed["path"], size=int(closed["read"]), whole=True,
                           outward=True)  # fmt: skip
        elif renamed := _SFTP_RENAME.match(message):
            yield Transfer(**base, kind="command", location=renamed["path"])
    elif program.startswith("postfix") and (found := re.search(r"message-id=<?([^>\s]+)>?", message)):
        yield Transfer(**base, kind="mail", message_id=found[1])


def _object(text: str | None) -> Mapping[str, Any]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
