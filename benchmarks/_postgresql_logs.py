"""A large PostgreSQL log in the shapes of a real one: ``log_statement = all``, parameters in the detail, connections.

``python benchmarks/_postgresql_logs.py csvlog|jsonlog|stderr RECORDS FILE`` writes one; deterministic.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

STATEMENTS = [
    ("SELECT id, name, kana, birth_date, phone FROM policyholder WHERE id = $1", 1),
    (
        'SELECT "policy"."id", "policy"."number", "policy"."plan_id", "policy"."start_date" FROM "policy" INNER JOIN '
        '"policyholder" ON ("policy"."holder_id" = "policyholder"."id") WHERE ("policy"."holder_id" = $1 AND '
        '"policy"."status" = $2) ORDER BY "policy"."start_date" DESC LIMIT 21',
        2,
    ),
    ("UPDATE account SET last_login = $1 WHERE account.id = $2", 2),
    ("INSERT INTO claim (policy_id, amount, clinic, note) VALUES ($1, $2, $3, $4) RETURNING claim.id", 4),
    ("BEGIN", 0),
    ("COMMIT", 0),
    (
        "SELECT session_key, session_data, expire_date FROM django_session WHERE expire_date > $1 AND session_key = $2",
        2,
    ),
    ("SELECT c.id,\n       c.amount -- 金額\n  FROM claim c\n WHERE c.policy_id = $1", 1),
]
VALUES = ["藤原 さくら", "O''Brien", "2025-03-19 09:00:01.123+09", "active", "", "1208733", "k3v8a2m1p0q9z7x6"]
BEGIN = dt.datetime(2025, 3, 19, 9, 0, tzinfo=dt.UTC)


def records(count: int) -> Iterator[dict[str, object]]:
    """So many log records, in the keys of a jsonlog."""
    chance = random.Random(7)  # noqa: S311 - made-up lines
    clock, lines = BEGIN, {}
    for _ in range(count):
        clock += dt.timedelta(milliseconds=chance.randrange(9))
        pid = 40_000 + chance.randrange(40)
        lines[pid] = lines.get(pid, 0) + 1
        record: dict[str, object] = {
            "timestamp": f"{clock:%Y-%m-%d %H:%M:%S}.{clock.microsecond // 1000:03} JST",
            "user": "petinsurance",
            "dbname": "petinsurance",
            "pid": pid,
            "remote_host": "10.20.0.31",
            "remote_port": 30_000 + pid % 1000,
            "session_id": f"67da{pid:04x}.{pid:x}",
            "line_num": lines[pid],
            "ps": "idle",
            "session_start": "2025-03-19 09:00:00 JST",
            "vxid": f"{pid % 50}/{lines[pid]}",
            "txid": 0,
            "error_severity": "LOG",
            "application_name": "gunicorn",
            "backend_type": "client backend",
            "query_id": 0,
        }
        kind = chance.random()
        if kind < 0.02:
            record["message"] = f"connection received: host=10.20.0.31 port={30_000 + pid % 1000}"
        elif kind < 0.03:
            record |= {"error_severity": "ERROR", "state_code": "42703", "message": 'column "nothing" does not exist'}
            record |= {"cursor_position": 8, "statement": "SELECT nothing FROM policyholder"}
        else:
            statement, parameters = chance.choice(STATEMENTS)
            record["message"] = f"execute <unnamed>: {statement}" if parameters else f"statement: {statement}"
            if parameters:
                given = [f"${number} = '{chance.choice(VALUES)}'" for number in range(1, parameters + 1)]
                record["detail"] = "Parameters: " + ", ".join(given)
        yield record


_ORDER = """timestamp user dbname pid connection session_id line_num ps session_start vxid txid error_severity state_code
message detail hint internal_query internal_position context statement cursor_position func_name application_name
backend_type leader_pid query_id""".split()  # noqa: SIM905


_BARE = frozenset(
    "timestamp pid session_id line_num session_start vxid txid error_severity state_code leader_pid query_id".split()  # noqa: SIM905
)


def as_csvlog(record: dict[str, object]) -> str:
    """The record as csvlog writes it: texts in quotes, numbers and times without."""
    record = {"state_code": "00000", **record, "connection": f"{record['remote_host']}:{record['remote_port']}"}
    row = []
    for key in _ORDER:
        text = str(record.get(key, ""))
        row.append(text if key in _BARE or not text else '"' + text.replace('"', '""') + '"')
    return ",".join(row) + "\n"


def as_stderr(record: dict[str, object]) -> str:
    """The record under ``log_line_prefix = '%m [%p] %q%u@%d '``."""
    prefix = f"{record['timestamp']} [{record['pid']}] {record['user']}@{record['dbname']} "
    lines = [(record["error_severity"], record["message"])]
    lines += [
        (label, record[key]) for label, key in (("DETAIL", "detail"), ("STATEMENT", "statement")) if key in record
    ]
    return "".join(prefix + f"{label}:  " + str(text).replace("\n", "\n\t") + "\n" for label, text in lines)


WRITERS = {
    "csvlog": as_csvlog,
    "jsonlog": lambda record: json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n",
    "stderr": as_stderr,
}


def write(kind: str, count: int, path: Path) -> None:
    """Write a log of so many records."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(WRITERS[kind](record) for record in records(count))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
