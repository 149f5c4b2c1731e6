"""A case at the real one's size, made in bulk: 553,000 subjects in a real snapshot, and as many events as asked for.

What is measured afterwards is the assessment, so the lake's tables are written as intake leaves them. The intruder's
events are of three kinds: pages of policyholders opened one after another with a stolen staff account, what the ledger
noted of them, and look-ups by key with a stolen database account.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import duckdb
import yaml

from kakuho.engine.postgresql import PROGRAMS
from kakuho.engine.schemas import IN_PARTS, TABLES

BIN = Path(sys.executable).parent
FIRST = "TIMESTAMP '2025-03-19 00:00:00'"
SECONDS = 34 * 86_400
POLICYHOLDERS = 143_000
ADDRESS = "127.9.9.9"
ITEMS = ("name", "address", "gender", "birth_date", "phone", "email")
WEB, DATABASE, LEDGER = 2, 3, 4
"""Numbers of the sources; 1 is the snapshot."""


def make_case(folder: Path, *, scale: float, events: int, attackers: int) -> Path:
    """A case in ``folder/case``, with its snapshot, lake and investigation; what is there already is used again."""
    case = folder / "case"
    dump = folder / "snapshot.dump"
    if not dump.exists():
        make_dump(folder, dump, scale)
    if not case.exists():
        inventory = files("petinsurance") / "inventory.yaml"
        _run(BIN / "kakuho", "case", "new", case, "--name", "benchmark", "--inventory", inventory)
        _run(BIN / "kakuho", "--case", case, "evidence", "add", dump)
    write_lake(case / "lake", events=events, attackers=attackers, keys=int(POLICYHOLDERS * scale))
    return case


def make_dump(folder: Path, dump: Path, scale: float) -> None:
    """petinsurance with its population, as ``pg_dump -Fc``."""
    program = BIN / "petinsurance"
    place = ["--data-dir", str(folder / "database")]
    started = _run(program, "database", "start", *place, "--log-dir", str(folder / "logs"), "--json")
    url = json.loads(started)["owner_url"]
    try:
        _run(program, "migrate", url=url)
        _run(program, "populate", "--scale", str(scale), "--seed", "1", url=url)
        _run(PROGRAMS / "pg_dump", "-Fc", "--file", dump, "--dbname", url)
    finally:
        _run(program, "database", "stop", *place)


def write_lake(lake: Path, *, events: int, attackers: int, keys: int) -> None:
    """The event tables: of everybody, three fifths web, one fifth statements, one fifth disclosures."""
    web, statements, shown = (events * share // 5 for share in (3, 1, 1))
    mine = attackers // 3
    taken = max(1, min(mine, keys))
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        for table, query in (
            ("http_activity", _web(web, mine, taken)),
            ("datastore_activity", _statements(statements, mine, taken)),
            ("ledger_event", _ledger(shown, mine, taken)),
            ("item_set", _items()),
        ):
            file = lake / ("bulk" if table in IN_PARTS else ".") / f"{table}.parquet"
            file.parent.mkdir(exist_ok=True)
            _write(connection, file, query)
            if table in IN_PARTS:
                listed = [{"path": f"bulk/{table}.parquet", "sha256": f"{events}/{attackers}"}]
                (lake / f"{table}.json").write_text(json.dumps(listed), encoding="utf-8")
        _write(connection, lake / "attacker_events.parquet", _attackers(lake))
        period = f"{FIRST} - INTERVAL 30 DAY, {FIRST} + INTERVAL 64 DAY"
        roles = {WEB: "access_log", DATABASE: "database_log", LEDGER: "disclosure_ledger"}
        covered = ", ".join(f"({number}, '{role}', {period})" for number, role in roles.items())
        columns = 't(source_id, role, start, "end")'
        _write(connection, lake / "coverage.parquet", f"SELECT * FROM (VALUES {covered}) AS {columns}")
    (lake / "investigation.json").write_text(json.dumps(_investigation()), encoding="utf-8")


def _web(count: int, mine: int, keys: int) -> str:
    step = max(1, count // max(1, mine))
    return f"""
        SELECT {_when(count)} AS time, {WEB} AS source_id, i + 1 AS line, i * 200 AS byte_offset, 12000 AS duration_us,
            CASE WHEN {_mine(step, mine)} THEN '{ADDRESS}' ELSE '10.' || i % 200 || '.' || i // 200 % 250 || '.1' END AS src_ip,
            'GET' AS method, CASE WHEN {_mine(step, mine)} THEN '/staff/policyholders/' || (i // {step}) % {keys} + 1 || '/'
                WHEN i % 3 = 0 THEN '/' WHEN i % 3 = 1 THEN '/mypage/' ELSE '/mypage/policies/' || i % 200000 || '/' END AS url_path,
            '1.1' AS http_version, 200 AS status, 5000 + i % 900 AS bytes_out, 'Mozilla/5.0' AS user_agent
        FROM range({count}) t(i)"""


def _statements(count: int, mine: int, keys: int) -> str:
    step = max(1, count // max(1, mine))
    return f"""
        SELECT {_when(count)} AS time, {DATABASE} AS source_id, i + 1 AS line, i * 300 AS byte_offset,
            'S' || i // 1000 AS session_id, 'petinsurance_web' AS db_user, 'statement' AS kind, 'SELECT' AS command,
            CASE WHEN {_mine(step, mine)} THEN 'SELECT name, phone FROM policyholder WHERE id = ' || (i // {step}) % {keys} + 1
                WHEN i % 50 = 7 THEN 'UPDATE "account" SET "last_login" = $1 WHERE "account"."id" = $2'
                ELSE 'SELECT * FROM "policy" WHERE "policy"."policyholder_id" = $1' END AS statement,
            CASE WHEN {_mine(step, mine)} THEN NULL ELSE '["' || i % 143000 || '"]' END AS parameters, 'success' AS outcome
        FROM range({count}) t(i)"""


def _ledger(count: int, mine: int, keys: int) -> str:
    """A ledger event is an event of six rows of ``disclosure``, one an item."""
    step = max(1, count // len(ITEMS) // max(1, mine))
    return f"""
        SELECT {_when(count // len(ITEMS))} AS time, {LEDGER} AS source_id, i + 2 AS line, i * 700 AS byte_offset, '0001' AS segment,
            i + 1 AS seq, 'staff' AS actor_kind, 'account:' || i % 400 AS actor_id, 'GET' AS method, 200 AS status,
            CASE WHEN {_mine(step, mine)} THEN '{ADDRESS}' ELSE '10.1.1.1' END AS src_ip,
            '/staff/policyholders/{{key}}/' AS route, 'customer_service' AS purpose,
            [{{'subject': 'policyholder:' || (CASE WHEN {_mine(step, mine)} THEN i // {step} ELSE i END) % {keys} + 1,
               'set': 1::BIGINT}}] AS shown
        FROM range({count // len(ITEMS)}) t(i)"""


def _items() -> str:
    rows = ", ".join(f"({LEDGER}, 1, {position}, '{item}', false)" for position, item in enumerate(ITEMS))
    return f"""SELECT * FROM (VALUES {rows}) AS t(source_id, "set", position, item, masked)"""


def _attackers(lake: Path) -> str:
    parts = [
        f"""SELECT source_id, line, min(byte_offset) AS byte_offset, '{table}' AS "table", min(time) AS time,
            true AS certain, 'confirmed_address' AS why FROM '{lake / file}' WHERE {which} GROUP BY source_id, line"""
        for table, file, which in (
            ("http_activity", "bulk/http_activity.parquet", f"src_ip = '{ADDRESS}'"),
            ("datastore_activity", "datastore_activity.parquet", "parameters IS NULL"),
            ("disclosure", "bulk/ledger_event.parquet", f"src_ip = '{ADDRESS}'"),
        )
    ]
    return " UNION ALL ".join(parts)


def _mine(step: int, mine: int) -> str:
    return f"(i % {step} = 0 AND i // {step} < {mine})"


def _when(count: int) -> str:
    return f"{FIRST} + to_microseconds((i * {SECONDS}::HUGEINT * 1000000 // {max(1, count)})::BIGINT)"


def _investigation() -> dict[str, object]:
    """One staff account and one database account, known from the first act to the last; nothing else was open."""
    period = {"first": "2025-03-19T00:00:00Z", "last": "2025-04-22T00:00:00Z"}
    with (files("petinsurance") / "inventory.yaml").open(encoding="utf-8") as file:
        paths = [path["id"] for path in yaml.safe_load(file)["access_paths"]]
    used = {"web.staff.policyholder", "database.web_role"}
    states = [
        {"id": path, "state": "used" if path in used else "closed", "from": period["first"], "to": period["last"],
         "basis": "benchmark", "decided_by": "rule"}
        for path in paths
    ]  # fmt: skip
    return {"delimited": True, "indicators": [], "window": {**period, "start_established": True, "reason": "benchmark"},
            "compromised_accounts": [], "compromised_accounts_known": True, "paths": states}  # fmt: skip


def _write(connection: duckdb.DuckDBPyConnection, file: Path, query: str) -> None:
    """``query`` in the columns of the lake's table of that name, null where it has none."""
    shape = TABLES[file.stem].schema.empty_table()
    connection.register("shape", shape)
    whole = f"SELECT * FROM shape UNION ALL BY NAME ({query})"
    connection.execute(f"COPY ({whole}) TO '{file}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")


def _run(*command: str | Path, url: str | None = None) -> str:
    environment = {**os.environ, **({"DATABASE_URL": url} if url else {})}
    done = subprocess.run([str(part) for part in command], check=True, env=environment, capture_output=True, text=True)
    return done.stdout
