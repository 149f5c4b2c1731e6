"""Logs that clouds, sensors and collectors write, generated: each line with values of its own, as in real ones.

Forms after the published documentation: Kubernetes ("Auditing", audit.k8s.io/v1), Zeek ("conn.log"), Elastic
(winlogbeat's exported fields), Google Cloud SQL (LogEntry with ``textPayload``), PostgreSQL (``log_destination``
= syslog).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2025, 3, 19, tzinfo=UTC)
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
_RESOURCES = ("pods", "secrets", "configmaps", "leases", "endpoints")


def _time(number: int) -> datetime:
    return START + timedelta(milliseconds=7 * number, microseconds=number * 37 % 1000)


def _line(record: dict[str, object]) -> bytes:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def kubernetes_lines() -> Iterator[bytes]:
    """Events of requests to the API server at level Metadata; one in nine is refused."""
    draw = random.Random(2)
    for number in count():
        verb, resource = draw.choice(_VERBS), draw.choice(_RESOURCES)
        name, refused = f"{resource[:-1]}-{draw.randrange(900)}", draw.randrange(9) == 0
        stamp = f"{_time(number):%Y-%m-%dT%H:%M:%S.%fZ}"
        yield _line(
            {
                "kind": "Event",
                "apiVersion": "audit.k8s.io/v1",
                "level": "Metadata",
                "auditID": f"{draw.getrandbits(32):08x}-0000-4000-8000-{draw.getrandbits(48):012x}",
                "stage": "ResponseComplete",
                "requestURI": f"/api/v1/namespaces/shop/{resource}/{name}",
                "verb": verb,
                "user": {
                    "username": f"system:serviceaccount:shop:web-{draw.randrange(9)}",
                    "uid": "7f3c2a10-0000-4000-8000-000000000007",
                    "groups": ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
                },
                "sourceIPs": [f"10.{draw.randrange(9)}.{draw.randrange(256)}.{draw.randrange(1, 255)}"],
                "userAgent": "kubectl/v1.32.2 (linux/amd64) kubernetes/67a30c0",
                "objectRef": {"resource": resource, "namespace": "shop", "name": name, "apiVersion": "v1"},
                "responseStatus": {"metadata": {}, "status": "Failure", "reason": "Forbidden", "code": 403}
                if refused
                else {"metadata": {}, "code": 200},
                "requestReceivedTimestamp": stamp,
                "stageTimestamp": stamp,
                "annotations": {
                    "authorization.k8s.io/decision": "forbid" if refused else "allow",
                    "authorization.k8s.io/reason": "" if refused else 'RBAC: allowed by RoleBinding "web/shop"',
                },
            }
        )


ZEEK_HEADER = (
    b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    b"#open\t2025-03-19-00-00-00\n"
    b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes"
    b"\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts"
    b"\tresp_ip_bytes\ttunnel_parents\n"
    b"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount"
    b"\tstring\tcount\tcount\tcount\tcount\tset[string]\n"
)


def zeek_lines() -> Iterator[bytes]:
    """The header of a conn.log, then connections."""
    draw = random.Random(3)
    yield from ZEEK_HEADER.splitlines(keepends=True)
    for number in count():
        sent, got = draw.randrange(90_000), draw.randrange(900_000)
        fields = [
            f"{_time(number).timestamp():.6f}",
            f"C{draw.getrandbits(90):x}",
            f"10.{draw.randrange(9)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
            f"{draw.randrange(1024, 65536)}",
            f"192.0.2.{draw.randrange(1, 255)}",
            draw.choice(("443", "80", "53", "22")),
            "tcp",
            draw.choice(("ssl", "http", "-")),
            f"{draw.random() * 30:.6f}",
            f"{sent}",
            f"{got}",
            draw.choice(("SF", "SF", "SF", "S0", "REJ", "RSTO")),
            "T",
            "F",
            "0",
            "ShADadfF",
            f"{sent // 900}",
            f"{sent + 400}",
            f"{got // 1400}",
            f"{got + 400}",
            "-",
        ]
        yield "\t".join(fields).encode() + b"\n"


def winlogbeat_lines() -> Iterator[bytes]:
    """Logons to a Windows server, one in five refused."""
    draw = random.Random(4)
    for number in count():
        refused = draw.randrange(5) == 0
        stamp = f"{_time(number):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        data = {
            "SubjectUserSid": "S-1-0-0",
            "SubjectUserName": "-",
            "SubjectLogonId": "0x0",
            "TargetUserName": f"staff{draw.randrange(900)}",
            "TargetDomainName": "SHOP",
            "TargetLogonId": f"0x{draw.getrandbits(28):x}",
            "LogonType": "3",
            "LogonProcessName": "NtLmSsp ",
            "AuthenticationPackageName": "NTLM",
            "WorkstationName": f"PC{draw.randrange(900)}",
            "IpAddress": f"10.{draw.randrange(9)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
            "IpPort": f"{draw.randrange(1024, 65536)}",
        }
        yield _line(
            {
                "@timestamp": stamp,
                "event": {"code": "4625" if refused else "4624", "kind": "event", "created": stamp},
                "log": {"level": "information"},
                "winlog": {
                    "api": "wineventlog",
                    "channel": "Security",
                    "computer_name": "dc1.shop.example",
                    "event_id": "4625" if refused else "4624",
                    "keywords": ["Audit Failure" if refused else "Audit Success"],
                    "opcode": "Info",
                    "provider_guid": "{54849625-5478-4994-a5ba-3e3b0328c30d}",
                    "provider_name": "Microsoft-Windows-Security-Auditing",
                    "record_id": number + 1,
                    "task": "Logon",
                    "process": {"pid": 700, "thread": {"id": draw.randrange(700, 9000)}},
                    "version": 2,
                    "event_data": data,
                },
                "agent": {"type": "winlogbeat", "version": "8.17.0", "name": "dc1"},
                "ecs": {"version": "8.0.0"},
            }
        )


def _statement(number: int) -> str:
    return f"statement: SELECT id, name, phone FROM policyholder WHERE id = {number * 7919 % 90_000}"


def postgresql_syslog_lines() -> Iterator[bytes]:
    """PostgreSQL's statements through rsyslog in its usual file format; every seventh goes on over a second line."""
    for number in count():
        time, pid = _time(number), 4000 + number % 40
        head = f"{time:%b} {time.day:2} {time:%H:%M:%S} db1 postgres[{pid}]: [{number // 40 + 3}"
        yield f"{head}-1] shop@shop LOG:  {_statement(number)}\n".encode()
        if number % 7 == 6:
            yield f"{head}-2] #011  ORDER BY id\n".encode()


def cloud_sql_lines() -> Iterator[bytes]:
    """PostgreSQL's statements in Cloud Logging's entries."""
    for number in count():
        stamp = f"{_time(number):%Y-%m-%dT%H:%M:%S.%fZ}"
        yield _line(
            {
                "insertId": f"s=f{number:x}",
                "logName": "projects/shop/logs/cloudsql.googleapis.com%2Fpostgres.log",
                "receiveTimestamp": stamp,
                "resource": {
                    "labels": {"database_id": "shop:db1", "region": "asia-northeast1"},
                    "type": "cloudsql_database",
                },
                "severity": "INFO",
                "textPayload": f"{_time(number):%Y-%m-%d %H:%M:%S.%f} UTC [{4000 + number % 40}]: [{number // 40}-1] "
                f"db=shop,user=shop LOG:  {_statement(number)}",
                "timestamp": stamp,
            }
        )
