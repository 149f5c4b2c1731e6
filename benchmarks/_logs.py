"""Files to measure intake with: generated logs of the formats of which much comes in, repeated samples of others."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._ledgers import ledger_lines
from benchmarks._text_logs import TEXT_LOGS
from tests.fuzz.cloud_logs import (
    cloud_sql_lines,
    kubernetes_lines,
    postgresql_syslog_lines,
    winlogbeat_lines,
    zeek_lines,
)

START = datetime(2025, 3, 19, tzinfo=UTC)
LINES_MADE = 50_000
"""So many lines are made; more come from repeating them, for a reader does the same work for each."""
TROUBLESOME_EVERY = 1_000
LONG_URI = 9_000
EVTX_HEADER, EVTX_CHUNK, EVTX_RECORD = 4096, 1 << 16, b"**\x00\x00"


def access_lines(*, troublesome: bool) -> Iterator[bytes]:
    """Combined access log lines of a day; where ``troublesome``, with what scanners send in between."""
    draw = random.Random(1)  # noqa: S311 - to be drawn again
    agents = [f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.{n} Chrome/13{n}.0 Safari/537.36" for n in range(9)]
    for number in count():
        time = START + timedelta(milliseconds=60 * (number % LINES_MADE))
        address = f"10.{draw.randrange(9)}.{draw.randrange(256)}.{draw.randrange(1, 255)}"
        head = f"{address} - - [{time:%d/%b/%Y:%H:%M:%S} +0000]"
        agent = draw.choice(agents)
        if troublesome and number % TROUBLESOME_EVERY == TROUBLESOME_EVERY - 1:
            yield _trouble(head, number // TROUBLESOME_EVERY % 3)
        else:
            path = f"/staff/policyholders/{draw.randrange(90_000)}/?page={draw.randrange(40)}"
            size = draw.randrange(300, 60_000)
            yield f'{head} "GET {path} HTTP/1.1" 200 {size} "https://shop.example/" "{agent}"\n'.encode()


def _trouble(head: str, kind: int) -> bytes:
    """Bytes of a TLS handshake on a port of plain HTTP, an empty request, a very long URI."""
    request = ("\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01", "", f"GET /?q={'A' * LONG_URI} HTTP/1.1")[kind]
    return f'{head} "{request}" {(400, 408, 414)[kind]} 157 "-" "-"\n'.encode()


def jsonlog_lines() -> Iterator[bytes]:
    """PostgreSQL jsonlog: a statement with its parameters a line."""
    for number in count():
        record = {
            "timestamp": f"{START + timedelta(milliseconds=13 * (number % LINES_MADE)):%Y-%m-%d %H:%M:%S.%f}"[:-3]
            + " UTC",
            "user": "shop",
            "dbname": "shop",
            "pid": 71,
            "remote_host": "127.0.0.1",
            "remote_port": 50_000 + number % 9,
            "session_id": f"67da0a{number % 40:02x}.47",
            "line_num": number,
            "ps": "SELECT",
            "session_start": "2025-03-19 00:00:00 UTC",
            "vxid": f"3/{number}",
            "txid": 0,
            "error_severity": "LOG",
            "message": "execute <unnamed>: SELECT id, name, phone FROM policyholder WHERE id = $1",
            "detail": f"Parameters: $1 = '{number % 90_000}'",
            "application_name": "gunicorn",
            "backend_type": "client backend",
            "query_id": 0,
        }
        yield json.dumps(record, separators=(",", ":")).encode() + b"\n"


def csvlog_lines() -> Iterator[bytes]:
    """PostgreSQL csvlog of 26 columns: the same statements."""
    statement = "execute <unnamed>: SELECT id, name, phone FROM policyholder WHERE id = $1"
    for number in count():
        client, session = f"127.0.0.1:{50_000 + number % 9}", f"67da0a{number % 40:02x}.47"
        begin = f'{_stamp(number)},"shop","shop",71,"{client}",{session},{number},"SELECT",'
        middle = f"2025-03-19 00:00:00 UTC,3/{number},0,LOG,00000,"
        end = f'"{statement}","Parameters: $1 = \'{number}\'",,,,,,,,"gunicorn","client backend",,0'
        yield f"{begin}{middle}{end}\n".encode()


def _stamp(number: int) -> str:
    time = START + timedelta(milliseconds=13 * (number % LINES_MADE))
    return f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03} UTC"


GENERATED: dict[str, Callable[[], Iterator[bytes]]] = {
    "access_log": lambda: access_lines(troublesome=True),
    "postgresql_jsonlog": jsonlog_lines,
    "postgresql_csvlog": csvlog_lines,
    "postgresql_syslog": postgresql_syslog_lines,
    "postgresql_cloud": cloud_sql_lines,
    "kubernetes_audit": kubernetes_lines,
    "winlogbeat_json": winlogbeat_lines,
    "zeek_tsv": zeek_lines,
    **TEXT_LOGS,
}


def write_lines(path: Path, name: str, lines: int) -> None:
    """A file of so many lines of a generated format. A ledger is written whole: repeated, its chain would be broken."""
    with path.open("wb") as file:
        if name == "disclosure_ledger":
            file.writelines(ledger_lines(lines - 1))
            return
        made = list(islice(GENERATED[name](), min(LINES_MADE, lines)))
        whole, rest = divmod(lines, len(made))
        block = b"".join(made)
        for _ in range(whole):
            file.write(block)
        file.writelines(made[:rest])


def write_repeated(path: Path, sample: bytes, size: int, lines: int = 0) -> None:
    """A sample over and over, to at least ``size`` bytes and ``lines`` lines."""
    sample = sample if sample.endswith(b"\n") else sample + b"\n"
    times = max(1, (1 << 20) // len(sample))
    block, needed = sample * times, max(size, -(-lines // sample.count(b"\n")) * len(sample))
    with path.open("wb") as file:
        for _ in range(max(1, -(-needed // len(block)))):
            file.write(block)


def write_event_log(path: Path, sample: bytes, records: int) -> None:
    """A Windows event log of the chunks of ``sample`` over and over, at least ``records`` records."""
    header, chunks = sample[:EVTX_HEADER], sample[EVTX_HEADER:]
    chunks = chunks[: len(chunks) // EVTX_CHUNK * EVTX_CHUNK]
    with path.open("wb") as file:
        file.write(header)
        for _ in range(max(1, -(-records // chunks.count(EVTX_RECORD)))):
            file.write(chunks)
