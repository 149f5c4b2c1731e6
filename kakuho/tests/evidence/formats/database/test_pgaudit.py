"""pgaudit's records, in each of the server's three log formats."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats import Declared, Format
from kakuho.evidence.formats.database.postgresql_csvlog import PostgresqlCsvlog
from kakuho.evidence.formats.database.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.database.postgresql_stderr import PostgresqlStderr

from ...reading import read
from ...samples import sample

OWN = Path(__file__).parents[2] / "data" / "postgresql"
PREFIX = "%m [%p] %c:%l %e %q%u@%d %a %h "
LOGS: list[tuple[Format, str]] = [
    (PostgresqlStderr(), "stderr.log"),
    (PostgresqlCsvlog(), "csvlog.csv"),
    (PostgresqlJsonlog(), "jsonlog.json"),
]
_RECORD = re.compile(r'^(?:NOTICE|WARNING|LOG):  (AUDIT: (?:"(?:[^"]|"")*"|[^"\n])*)$', re.MULTILINE)


@pytest.mark.parametrize(("known", "name"), LOGS)
def test_a_japanese_server_with_pgaudit(known: Format, name: str) -> None:
    events, part = read(known, OWN / name, declared=Declared(pattern=PREFIX if name == "stderr.log" else None))
    assert part.rejects == []
    audited = [row for row in events if '"audit_type"' in row.get("unmapped", "")]
    assert len(audited) == 11
    reads = [
        (row["command"], row.get("object"), row["statement"], row.get("parameters"), row["rows"]) for row in audited
    ]
    condition = "SELECT id -- 一行目\n  FROM policyholder\n WHERE name = '' OR 1=1;"
    assert reads.count(("SELECT", "public.policyholder", condition, None, 2)) == 2, "session and object"
    prepared = "PREPARE p AS SELECT name FROM policyholder WHERE id = $1 AND name <> $2;"
    assert ("SELECT", "public.policyholder", prepared, '["2", "a, \\"b\\""]', 1) in reads
    assert json.loads(audited[0]["unmapped"]) == {
        "audit_type": "SESSION",
        "class": "DDL",
        "statement_id": "1",
        "substatement_id": "1",
    }
    kinds = {row["kind"] for row in events}
    assert kinds == {"statement", "connection", "error", "other"}
    refused = [row["message"] for row in events if row["kind"] == "connection" and row["outcome"] == "failure"]
    assert refused == ['データベース"nowhere"は存在しません', 'ロール"nobody"は存在しません']
    assert all("duration_us" in row for row in events if row.get("message", "").startswith("期間"))


def _records(version: str) -> tuple[str, list[str]]:
    text = sample("pgaudit", "expected", f"pgaudit-{version}.out").read_text(encoding="utf-8")
    return text, _RECORD.findall(text)


def _write(folder: Path, known: Format, messages: list[str]) -> Path:
    """The records as the server would write them, all in one session."""
    path, stamp = folder / known.name, "2025-03-19 09:00:01.123 UTC"
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, message in enumerate(messages, start=1):
            if known.name == "postgresql_stderr":
                tabbed = message.replace("\n", "\n\t")
                file.write(f"{stamp} [7] 67d.7:{number} 00000 u@d a [local] LOG:  {tabbed}\n")
            elif known.name == "postgresql_csvlog":
                row = [
                    stamp,
                    "u",
                    "d",
                    7,
                    "[local]",
                    "67d.7",
                    number,
                    "SELECT",
                    stamp,
                    "3/4",
                    0,
                    "LOG",
                    "00000",
                    message,
                ]
                csv.writer(file, lineterminator="\n").writerow(row + [""] * 8 + ["a", "client backend", "", 0])
            else:
                record = {
                    "timestamp": stamp,
                    "user": "u",
                    "dbname": "d",
                    "remote_host": "[local]",
                    "session_id": "67d.7",
                }
                record |= {"line_num": number, "error_severity": "LOG", "state_code": "00000", "message": message}  # type: ignore[dict-item]
                file.write(json.dumps({**record, "application_name": "a"}) + "\n")
    return path


@pytest.mark.parametrize("version", ["14", "16", "18", "19-main"])
def test_every_record_of_pgaudits_own_test_in_all_three_formats(tmp_path: Path, version: str) -> None:
    text, messages = _records(version)
    assert len(messages) == text.count("AUDIT: ")
    found: list[list[dict[str, Any]]] = []
    for known, _ in LOGS:
        path = _write(tmp_path, known, messages)
        events, part = read(known, path, declared=Declared(pattern=PREFIX))
        assert part.rejects == [] and len(events) == len(messages)
        found.append([{k: v for k, v in row.items() if k not in {"line", "byte_offset"}} for row in events])
    assert found[0] == found[1] == found[2]
    assert {row["kind"] for row in found[0]} == {"statement"}
    for row, message in zip(found[0], messages, strict=True):
        fields = next(iter(csv.reader(io.StringIO(message.removeprefix("AUDIT: "), newline=""))))
        told = json.loads(row["unmapped"])
        assert [told["audit_type"], told["statement_id"], told["substatement_id"], told["class"]] == fields[:4]
        assert [row["command"], row.get("object", "")] == [fields[4], fields[6]]
        if not fields[7].startswith("<"):
            assert row["statement"] == fields[7]
        elif fields[7] == "<not logged>":
            assert "statement" not in row
        if fields[8] in {"<none>", "<not logged>"}:
            assert "parameters" not in row
        assert row.get("rows") == (int(fields[9]) if len(fields) == 10 else None)
    echoed = sum(row.get("statement", "\0") in text for row in found[0])
    assert echoed > 0.6 * len(messages), "the statements stand in the session above their records"


def test_a_statement_logged_once_is_known_in_the_later_records_of_its_number() -> None:
    _, messages = _records("18")
    once = [message for message in messages if "<previously logged>" in message]
    assert once
    path_messages = [
        "AUDIT: SESSION,9,1,READ,SELECT,TABLE,public.a,SELECT 1 WHERE $1,7",
        "AUDIT: SESSION,9,2,READ,SELECT,TABLE,public.b,<previously logged>,<previously logged>",
        "AUDIT: SESSION,10,1,READ,SELECT,TABLE,public.b,<previously logged>,<previously logged>",
    ]
    from kakuho.evidence.formats.database.postgresql_audit import Audits

    audits = Audits()
    read_back = [audits.read("s", message) for message in path_messages]
    assert [(one.statement, one.parameters) for one in read_back if one] == [
        ("SELECT 1 WHERE $1", '["7"]'),
        ("SELECT 1 WHERE $1", '["7"]'),
        (None, None),
    ]
