"""Sound beginnings of files, by format, to be mutated.

They come from the samples that the repository carries, from those of other projects where these are present (never
copied), and from a few lines written here. To whom a file belongs, the formats say themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from disclosure_ledger.chain import digest_under, sealed
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.identification import head_of

from .cloud_logs import cloud_sql_lines, kubernetes_lines, winlogbeat_lines, zeek_lines

ROOT = Path(__file__).resolve().parents[2]
CARRIED = ROOT / "kakuho" / "tests" / "evidence" / "data"
OTHERS = ROOT.parent / "shared" / "samples"
LARGEST_FILE = 8 << 20
MOST_BYTES = 6_000
MOST_BYTES_BINARY = 140_000
MOST_SEEDS = 24
LEAST_CONFIDENCE = 0.3
NOT_LOGS = frozenset({".py", ".md", ".sh", ".yml", ".yaml", ".toml", ".sql", ".pem", ".png", ".html", ".xml"})


@dataclass(frozen=True)
class BytesContent:
    """Bytes in memory as the content of a source."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, byte_offset: int, size: int) -> bytes:
        return self.data[byte_offset : byte_offset + size]

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        with NamedTemporaryFile() as file:
            file.write(self.data)
            file.flush()
            yield Path(file.name)


def seeds() -> dict[str, list[bytes]]:
    """By format, in an order that depends on the files alone; a format without any has none."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for name, data in _beginnings():
        head = head_of(BytesContent(data), name)
        for known in FORMATS.values():
            if len(found[known.name]) < MOST_SEEDS:
                recognised = known.recognise(head)
                if recognised is not None and recognised.confidence >= LEAST_CONFIDENCE:
                    found[known.name].append(data)
    return {name: found[name] for name in FORMATS if found[name]}


def _beginnings() -> Iterator[tuple[str, bytes]]:
    yield from WRITTEN_HERE.items()
    yield "segment.jsonl", _ledger()
    for folder in (CARRIED, OTHERS):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in NOT_LOGS and 0 < path.stat().st_size <= LARGEST_FILE:
                yield path.name, _beginning(path)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES_BINARY)
    if b"\0" in data[:1000] or len(data) <= MOST_BYTES:
        return data
    return data[: data.rfind(b"\n", 0, MOST_BYTES) + 1] or data[:MOST_BYTES]


def _ledger() -> bytes:
    digest = digest_under(None)
    common = {"segment": "20250313T150001.563211Z-1", "v": 1}
    started = "2025-03-13T15:00:01.563211Z"
    line, before = sealed(
        {**common, "kind": "header", "ledger": "disclosure", "seq": 0, "started": started, "system": "s"}, digest
    )
    lines = [line]
    for seq in range(1, 6):
        event = {
            **common,
            "kind": "disclosure",
            "seq": seq,
            "prev": before,
            "time": f"2025-03-13T18:40:4{seq}.773273Z",
            "request": "0" * 32,
            "actor": {"kind": "staff", "id": "account:1", "role": "claims", "subject": None},
            "session": None,
            "address": "127.0.0.1",
            "method": "GET",
            "route": "/staff/policyholders/{key}/",
            "status": 200,
            "purpose": "claims_handling",
            "disclosures": [
                {"items": ["name", "phone"], "masked": ["bank_account"], "subject": "policyholder:12"},
                {"items": [], "masked": ["name"], "subject": "clinic:3"},
            ],
        }
        line, before = sealed(event, digest)
        lines.append(line)
    return b"".join(lines)


def _joined(lines: Iterator[bytes], how_many: int) -> bytes:
    return b"".join(islice(lines, how_many))


WRITTEN_HERE = {
    "audit-kubernetes.log": _joined(kubernetes_lines(), 6),
    "conn.log": _joined(zeek_lines(), 16) + b"#close\t2025-03-20-00-00-00\n",
    "winlogbeat.ndjson": _joined(winlogbeat_lines(), 6),
    "cloudsql.json": _joined(cloud_sql_lines(), 8)
    + b'{"level":"info","ts":"2025-03-19T00:00:01Z","logger":"postgres","msg":"record","record":{"log_time":'
    b'"2025-03-19 00:00:01.123 UTC","user_name":"shop","database_name":"shop","process_id":"71","connection_from":'
    b'"10.0.0.1:5000","session_id":"67da0a.47","session_line_num":"3","error_severity":"LOG","sql_state_code":"00000",'
    b'"message":"statement: SELECT 1","application_name":"psql","backend_type":"client backend"}}\n',
    "access.log": b'127.0.0.1 - taro [19/Mar/2025:00:00:01 +0900] "GET /a?b=\xe3\x81\x82 HTTP/1.1" 200 12 "-" "M/5.0"\n'
    b'::1 - - [19/Mar/2025:00:00:02 +0900] "-" 408 -\n'
    b'10.0.0.1 - - [19/Mar/2025:00:00:03 +0900] "\\x16\\x03\\x01" 400 173 "-" "-" 1234\n',
    "server.csv": b'2026-11-23 18:55:01.123 JST,"web","shop",71,"127.0.0.1:5000",5f.47,3,"SELECT",'
    b'2026-11-23 18:55:00 JST,3/2,0,LOG,00000,"statement: select ""a"",\n1",,,,,,,,,"psql","client backend",,0\n',
    "server.json": b'{"timestamp":"2026-11-23 18:55:01.123 JST","user":"web","dbname":"shop","pid":71,'
    b'"remote_host":"127.0.0.1","session_id":"5f.47","line_num":3,"error_severity":"LOG",'
    b'"message":"execute <unnamed>: select $1","detail":"parameters: $1 = \'1\'","application_name":"psql"}\n',
    "checkpoints.jsonl": b'{"closed":false,"hash":"ab","seal":"cd","segment":"s","seq":0,'
    b'"time":"2025-03-13T15:00:01.563211Z","v":1}\n',
    "syslog": b"Mar 19 00:00:01 web1 sshd[71]: Failed password for root from 127.0.0.1 port 5000 ssh2\n"
    b"<34>1 2025-03-19T00:00:01.003Z web1 su - ID47 - 'su root' failed\n",
    "audit.log": b"type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 pid=3538 "
    b'uid=500 comm="cat" exe="/bin/cat" key="sshd"\n'
    b"type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0=636174 a1=2F6574632F706173737764\n",
    "u_ex250319.log": b"#Software: Microsoft Internet Information Services 10.0\n"
    b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip sc-status time-taken\n"
    b"2025-03-19 00:00:01 10.0.0.1 GET /a - 443 - 127.0.0.1 200 15\n",
    "capture.har": b'{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":'
    b'"2025-03-19T00:00:01.000Z","time":5,"request":{"method":"GET","url":"http://127.0.0.1/a","httpVersion":'
    b'"HTTP/1.1","headers":[],"queryString":[]},"response":{"status":200,"headers":[],"content":{"size":1}}}]}}\n',
}
