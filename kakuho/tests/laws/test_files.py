"""The same laws on files: what `evidence add` seals, through investigation and assessment, to the verdicts.

Two hosts serve one system, each with its own access log. The intruder opens one record's page on each.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.engine.postgresql import EmbeddedServer
from kakuho.engine.programs import PROGRAMS
from kakuho.evidence import add_evidence
from kakuho.exposure.assess import assess
from kakuho.exposure.verdict_sets import unpack
from kakuho.inventory import Inventory
from kakuho.investigation.stage import ensure_investigation
from kakuho.people.link import link_persons

START = datetime(2025, 3, 16, tzinfo=UTC)
INVENTORY = """
inventory: 1
system: two hosts
categories: [{id: holder, kind: person, label: {ja: 契約者, en: Policyholders}}]
items: [{id: name, data_category: user.name, label: {ja: 氏名, en: name}}]
dataset:
- fides_key: two
  collections:
  - name: holder
    kakuho: {key: id, record_of: holder}
    fields: [{name: id}, {name: name, kakuho: {item: name}}]
access_paths:
- {id: web.holder, kind: route, path: '^/holder/(?P<key>[0-9]+)$', witnesses: [access_log],
   shows: [{subject: 'holder:{key}', items: [name]}]}
"""
BOTH_EXIST = """evidence_sources:
- {id: web1, role: access_log, files: ['web1.log*']}
- {id: web2, role: access_log, files: ['web2.log*']}
"""
Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def dump() -> Iterator[Path]:
    """Three holders."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        with EmbeddedServer(Path(folder) / "server") as server:
            with psycopg.connect(server.connection_string(), autocommit=True) as connection:
                connection.execute("CREATE TABLE holder (id bigint PRIMARY KEY, name text)")
                connection.execute("INSERT INTO holder VALUES (1, '佐藤 花子'), (2, '鈴木 一郎'), (3, '髙橋 桜')")
            program = [str(PROGRAMS / "pg_dump"), "-Fc", "-f", f"{folder}/snapshot.dump", server.connection_string()]
            subprocess.run(program, check=True, capture_output=True)
        yield Path(folder) / "snapshot.dump"


def _line(at: datetime, address: str, path: str) -> str:
    return f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" 200 900 "-" "Mozilla/5.0" 5000\n'


def _log(host: int) -> str:
    """Four days, a visitor every two minutes; on the third the intruder opens the page of record 1 or 2."""
    lines = [_line(START + timedelta(minutes=2 * n), f"203.0.113.{n % 90}", "/news") for n in range(4 * 720)]
    lines.insert(2 * 720, _line(START + timedelta(days=2, minutes=-1), "198.51.100.9", f"/holder/{host}"))
    return "".join(lines)


def judged(folder: Path, dump: Path, change: Change, inventory: str = INVENTORY) -> dict[str, str]:
    """Subject → verdict on its name, after ``change`` was made to the files."""
    files = folder / "evidence"
    files.mkdir(parents=True)
    for host in (1, 2):
        (files / f"web{host}.log").write_text(_log(host), encoding="utf-8")
    change(files)
    case = Case.create(folder / "case", name="二台")
    (folder / "inventory.yaml").write_text(inventory, encoding="utf-8")
    case.set_inventory(folder / "inventory.yaml")
    for path in sorted(files.iterdir(), reverse=(files / "backwards").exists()):
        if path.name != "backwards":
            add_evidence(case, [path])
    add_evidence(case, [dump])
    with case.lock():
        case.record("indicator.confirmed", {"type": "address", "value": "198.51.100.9", "reason": "seen"})
        ensure_investigation(case)
        found = assess(case, _persons, lambda _: None)
    verdicts = unpack(pq.read_table(found.folder / "verdicts.parquet"))
    return {row["subject"]: row["verdict"] for row in verdicts.to_pylist()}


def _persons(tables: dict[str, pa.Table], inventory: Inventory) -> tuple[pa.Table, pa.Table]:
    linked = link_persons(tables, inventory)
    return linked.persons, linked.conflicts


def nothing(files: Path) -> None:
    """As they are."""


def split(files: Path) -> None:
    """Each in two, the way a rotation leaves them."""
    for host in (1, 2):
        whole = files / f"web{host}.log"
        lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
        (files / f"web{host}.log.1").write_text("".join(lines[:1000]), encoding="utf-8")
        whole.write_text("".join(lines[1000:]), encoding="utf-8")


def twice(files: Path) -> None:
    """One log again under another name, with its last line lacking: not the same bytes."""
    lines = (files / "web1.log").read_text(encoding="utf-8").splitlines(keepends=True)
    (files / "web1.log.copy").write_text("".join(lines[:-1]), encoding="utf-8")


def backwards(files: Path) -> None:
    """Handed over in the other order."""
    (files / "backwards").touch()


def without_web2(files: Path) -> None:
    (files / "web2.log").unlink()


FULL = {"holder:1": "possible", "holder:2": "possible", "holder:3": "ruled_out"}


@pytest.mark.parametrize("change", [nothing, split, twice, backwards])
def test_parts_copies_and_order_of_files_change_no_verdict(tmp_path: Path, dump: Path, change: Change) -> None:
    assert judged(tmp_path, dump, change) == FULL


def test_a_file_that_must_exist_and_is_not_there_rules_nobody_out(tmp_path: Path, dump: Path) -> None:
    """Where nobody has said that there are two logs, the absence of one cannot be known."""
    assert judged(tmp_path / "said", dump, nothing, INVENTORY + BOTH_EXIST) == FULL
    lost = judged(tmp_path / "lost", dump, without_web2, INVENTORY + BOTH_EXIST)
    assert lost == dict.fromkeys(FULL, "possible")
    unsaid = judged(tmp_path / "unsaid", dump, without_web2)
    assert unsaid == {**FULL, "holder:2": "ruled_out"}
