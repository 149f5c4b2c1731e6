"""The snapshot's sandbox: everything can be read, nothing else can be done, no server stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from kakuho.engine.copy_out import CollectionCopy, copy_collections
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.errors import KakuhoError, UsageError


@pytest.fixture(scope="module")
def sandbox(dump: Path, session_place: Path) -> Iterator[SnapshotSandbox]:
    with SnapshotSandbox(dump, session_place / "cache", statement_timeout_ms=500) as opened:
        yield opened


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _server_process(cache: Path) -> int:
    return int((cache / "data" / "postmaster.pid").read_text().split("\n")[0])


def test_schema_keys_and_views(sandbox: SnapshotSandbox) -> None:
    assert sandbox.schema() == {
        "active_policyholder": {"id": "bigint", "name": "text"},
        "archive.claim": {"year": "integer", "number": "integer"},
        "notice": {"body": "text"},
        "policyholder": {
            "id": "bigint",
            "name": "text",
            "note": "text",
            "joined": "timestamp with time zone",
            "active": "boolean",
        },
    }
    assert sandbox.primary_keys() == {"archive.claim": ("number", "year"), "policyholder": ("id",)}
    assert "FROM policyholder" in sandbox.views()["active_policyholder"]
    assert sandbox.has_locale_of_the_dump


def test_row_security_hides_nothing_from_the_reader(sandbox: SnapshotSandbox) -> None:
    assert sandbox.connection.execute("SELECT count(*) FROM policyholder").fetchone() == (3,)
    assert sandbox.connection.execute("SELECT name FROM active_policyholder").fetchall() == [("山田 花子",)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO notice VALUES ('x')",
        "SET transaction_read_only = off; DELETE FROM policyholder",
        "BEGIN READ WRITE; DELETE FROM policyholder",
        "SELECT rename_all()",
        "CREATE TABLE mine (a int)",
        "BEGIN READ WRITE; CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "BEGIN READ WRITE; CREATE TEMPORARY TABLE mine (a int)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "COPY notice TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO '/tmp/kakuho-test'",
        "SET ROLE postgres",
        "SELECT pg_sleep(20)",
        "SELECT set_config('statement_timeout', '0', false), pg_sleep(20)",
    ],
)
def test_the_reader_can_do_nothing_but_read_and_not_for_long(sandbox: SnapshotSandbox, statement: str) -> None:
    begin = time.monotonic()
    with pytest.raises(psycopg.Error):
        sandbox.connection.execute(statement)
    sandbox.connection.execute("ROLLBACK")
    sandbox.connection.execute("RESET ALL")
    sandbox.connection.execute("SET statement_timeout = 500")
    assert time.monotonic() - begin < 10
    names = sandbox.connection.execute("SELECT count(*) FROM policyholder WHERE name = '山田 花子'").fetchone()
    assert names == (1,)


def test_collections_become_parquet_with_integer_keys_and_texts(sandbox: SnapshotSandbox, tmp_path: Path) -> None:
    wanted = [
        CollectionCopy("policyholder", ("id", "name", "note", "joined", "active"), frozenset({"id"})),
        CollectionCopy("notice", ("body",)),
        CollectionCopy("archive.claim", ("year",), frozenset({"year"})),
    ]
    assert copy_collections(sandbox, tmp_path, wanted) == {"policyholder": 3, "notice": 3, "archive.claim": 0}
    table = pq.read_table(tmp_path / "policyholder.parquet")
    assert [str(field.type) for field in table.schema] == ["int64", "string", "string", "string", "string"]
    assert table.to_pylist() == [
        {"id": 2, "name": "O'Neil", "note": "", "joined": None, "active": "f"},
        {"id": 3, "name": None, "note": None, "joined": None, "active": None},
        {
            "id": 10,
            "name": "山田 花子",
            "note": '一行目\n"二",行目',
            "joined": "2025-03-19 00:00:00+00",
            "active": "t",
        },
    ]
    assert sorted(pq.read_table(tmp_path / "notice.parquet")["body"].to_pylist(), key=str) == ["", None, "x"]
    assert pq.read_schema(tmp_path / "archive.claim.parquet").names == ["year"]


def test_what_the_snapshot_lacks_is_told_before_anything_is_written(sandbox: SnapshotSandbox, tmp_path: Path) -> None:
    wanted = [CollectionCopy("notice", ("body", "author")), CollectionCopy("clinic", ("id",))]
    with pytest.raises(UsageError) as caught:
        copy_collections(sandbox, tmp_path, wanted)
    assert caught.value.where == "clinic, notice.author"
    assert list(tmp_path.iterdir()) == []


def test_a_second_use_starts_at_once_and_leaves_no_server(dump: Path, place: Path) -> None:
    with SnapshotSandbox(dump, place / "cache"):
        pass
    begin = time.monotonic()
    with SnapshotSandbox(dump, place / "cache"):
        seconds = time.monotonic() - begin
        process = _server_process(place / "cache")
        assert _alive(process)
    assert not _alive(process)
    assert seconds < 2
    assert not (place / "cache" / "data" / "postmaster.pid").exists()


def test_one_at_a_time(dump: Path, place: Path) -> None:
    with (
        SnapshotSandbox(dump, place / "cache"),
        pytest.raises(KakuhoError) as caught,
        SnapshotSandbox(dump, place / "cache"),
    ):
        pass
    assert "another kakuho" in caught.value.what


_USE = """
import sys, time
from pathlib import Path
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.engine import sandbox

if sys.argv[3] == "restoring":
    original = SnapshotSandbox._run_pg_restore
    def slowly(self, server):
        print("ready", flush=True)
        time.sleep(60)
    SnapshotSandbox._run_pg_restore = slowly
with SnapshotSandbox(Path(sys.argv[1]), Path(sys.argv[2])):
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a server with its starter")
@pytest.mark.parametrize("when", ["restoring", "in use"])
def test_killed_it_leaves_no_server_and_the_next_use_is_clean(dump: Path, place: Path, when: str) -> None:
    cache = place / "cache"
    command = [sys.executable, "-c", _USE, str(dump), str(cache), when]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None and user.stdout.readline() == b"ready\n"
        process = _server_process(cache.with_name("cache.restoring") if when == "restoring" else cache)
        user.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _alive(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(process)
    with SnapshotSandbox(dump, cache) as sandbox:
        assert sandbox.connection.execute("SELECT count(*) FROM policyholder").fetchone() == (3,)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: b"-- PostgreSQL database dump\n", "not a pg_dump -Fc archive"),
        (lambda content: content[: len(content) * 2 // 3], "truncated or damaged"),
        (lambda content: content[:6] + bytes([99]) + content[7:], "newer pg_dump"),
        (lambda content: content.replace(b"18.", b"19."), "snapshot of PostgreSQL 19"),
    ],
)
def test_a_snapshot_that_cannot_be_used_is_told(dump: Path, place: Path, change, told: str) -> None:  # type: ignore[no-untyped-def]
    path = place / "bad.dump"
    path.write_bytes(change(dump.read_bytes()))
    with pytest.raises(UsageError) as caught, SnapshotSandbox(path, place / "cache"):
        pass
    assert told in caught.value.what
    assert str(path) in caught.value.where and caught.value.remedy
    assert not (place / "cache").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone starts servers for another user")
def test_as_root_the_server_runs_as_another_user(sandbox: SnapshotSandbox) -> None:
    assert Path(f"/proc/{_server_process(sandbox.cache)}").stat().st_uid != 0
