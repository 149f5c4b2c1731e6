"""A backup that was taken: real dumps of a real PostgreSQL, a case from intake to explanation, by the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psycopg
import pytest

from kakuho.cli import main
from kakuho.engine.postgresql import EmbeddedServer
from kakuho.engine.programs import PROGRAMS
from kakuho.exposure.verdict_sets import read_cells
from kakuho.inventory import load_inventory

INVENTORY = Path(__file__).parents[1] / "laws" / "inventory.yaml"
PATHS = """
- {id: backup.nightly, kind: backup, files: ['/var/backups/db-*.dump', '/files/db-*.dump'], collections: '*',
   written: '03:00', label: {ja: 毎晩のバックアップ, en: the nightly backup}}
"""
SFTP_SERVER = Path("/usr/lib/openssh/sftp-server")
ATTACKER, STAFF = "203.0.113.66", "192.0.2.10"
WRITTEN = datetime(2025, 3, 18, 18, 0, tzinfo=UTC)
"""03:00 on the 19th in Tokyo."""

_LOGIN = (
    'pid=900 uid=0 auid=1000 ses=7 msg=\'op=login id=1000 exe="/usr/sbin/sshd" hostname=203.0.113.66 '
    "addr=203.0.113.66 terminal=/dev/pts/1 res=success'"
)
_OPEN = (
    "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffc0 a2=0 a3=0 items=1 ppid=910 pid=911 auid=1000 "
    'uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=7 comm="scp" exe="/usr/bin/scp" key="b"'
)
AUDIT = (
    f"type=USER_LOGIN msg=audit(1742365800.100:41): {_LOGIN}\n"
    f"type=SYSCALL msg=audit(1742365830.200:42): {_OPEN}\n"
    'type=CWD msg=audit(1742365830.200:42): cwd="/root"\n'
    'type=PATH msg=audit(1742365830.200:42): item=0 name="/var/backups/db-20250319.dump" inode=9 dev=08:01 '
    "mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n"
)
"""As auditd writes it, with a watch on the backups' folder: 15:30 on the 19th in Tokyo."""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A folder with last night's backup and a snapshot of a week later: one person changed, one came."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as name:
        folder = Path(name)
        with (
            EmbeddedServer(folder / "server") as server,
            psycopg.connect(server.connection_string(), autocommit=True) as connection,
        ):
            for table in (
                "holder (id bigint PRIMARY KEY, created_at timestamptz, updated_at timestamptz, name text, gender text,"
                " email text)",
                "clinic (id bigint PRIMARY KEY, name text)",
                "policy (id bigint PRIMARY KEY, holder_id bigint, policy_number text UNIQUE)",
                "bank (id bigint PRIMARY KEY, holder_id bigint, clinic_id bigint, number text)",
            ):
                connection.execute(f"CREATE TABLE {table}".encode())
            holder = "INSERT INTO holder VALUES (%s, %s, %s, %s, %s, %s)"
            long_ago = datetime(2024, 4, 1, tzinfo=UTC)
            connection.execute(holder, (1, long_ago, long_ago, "佐藤 花子", "female", "hanako@example.jp"))
            connection.execute(holder, (2, long_ago, long_ago, "鈴木 一郎", "male", None))
            connection.execute("INSERT INTO bank VALUES (1, 2, NULL, '0000001')")
            dump = [PROGRAMS / "pg_dump", "-Fc", server.connection_string(), "-f"]
            subprocess.run([*dump, folder / "db-20250319.dump"], check=True)
            begun = int(time.time())
            while int(time.time()) == begun:
                time.sleep(0.05)  # a dump tells the second in which it was taken
            os.utime(folder / "db-20250319.dump", (WRITTEN.timestamp(), WRITTEN.timestamp()))
            week = datetime(2025, 3, 24, tzinfo=UTC)
            connection.execute("UPDATE holder SET email = 'new@example.jp', updated_at = %s WHERE id = 1", (week,))
            connection.execute(holder, (3, week, week, "田中 実", "male", "minoru@example.jp"))
            subprocess.run([*dump, folder / "snapshot.dump"], check=True)
        yield folder


def access_log(sent: int | None) -> str:
    """nginx's combined log over ten days: staff every hour; on the 19th at 15:30 the attacker downloads the backup, or
    (``sent`` None) asks for what is not there."""
    lines = []
    for day in range(15, 26):
        for hour in range(24):
            stamp = f"{day}/Mar/2025:{hour:02d}:00:01 +0900"
            lines.append(f'{STAFF} - - [{stamp}] "GET /health HTTP/1.1" 404 0 "-" "curl/8"')
            if (day, hour) == (19, 15):
                status = 404 if sent is None else 200
                request = f'"GET /files/{DUMP} HTTP/1.1" {status} {sent or 0} "-" "Wget/1.21"'
                lines.append(f"{ATTACKER} - - [19/Mar/2025:15:30:07 +0900] {request}")
    return "\n".join(lines) + "\n"


DUMP = "db-20250319.dump"


def assessed(made: Path, folder: Path, *, backup: bool, logs: dict[str, str]) -> dict[str, dict[str, tuple[str, str]]]:
    """subject → item → (verdict, reason), in a case of its own; every path but the backup's is decided closed."""
    case = ["--case", str(folder / "case")]
    inventory = folder / "inventory.yaml"
    inventory.write_text(INVENTORY.read_text(encoding="utf-8") + PATHS, encoding="utf-8")
    for name, text in logs.items():
        (folder / name).write_text(text, encoding="utf-8")
    others = [path.id for path in load_inventory(inventory).access_paths]
    closed = "".join(f'[[path]]\nid = "{path}"\nstate = "closed"\nbasis = "looked into"\n' for path in others)
    (folder / "responder.toml").write_text(closed, encoding="utf-8")
    assert main(["case", "new", str(folder / "case")]) == 0
    assert main([*case, "case", "inventory", str(inventory)]) == 0
    given = [folder / name for name in logs] + [made / "snapshot.dump"] + ([made / DUMP] if backup else [])
    assert main([*case, "evidence", "add", *map(str, given)]) == 0
    confirm = ["--confirm", f"address={ATTACKER}", "--reason", "seen", "--decisions", str(folder / "responder.toml")]
    assert main([*case, "investigate", *confirm]) == 0
    assert main([*case, "assess"]) == 0
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with duckdb.connect() as connection:
        read_cells(connection, folder / "case" / "assessments" / "001")
        rows = connection.execute("SELECT subject, item, verdict, reason_id FROM verdicts").fetchall()
    for subject, item, verdict, reason in rows:
        found.setdefault(subject, {})[item] = (verdict, reason)
    return found


def test_a_download_of_the_very_backup_confirms_what_was_in_it(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = (made / DUMP).stat().st_size
    found = assessed(made, tmp_path, backup=True, logs={"access.log": access_log(sent=size)})
    taken = ("confirmed", "export_file")
    assert found["holder:1"] == {"name": taken, "gender": taken, "email": taken}
    assert found["holder:2"] == {"name": taken, "gender": taken, "bank_account": taken}
    assert {verdict for verdict, _ in found["holder:3"].values()} == {"ruled_out"}
    capsys.readouterr()
    assert main(["--case", str(tmp_path / "case"), "explain", "cell", "holder:1", "email"]) == 0
    shown = capsys.readouterr().out
    assert "持ち出したファイルそのものが証拠にあり" in shown
    assert f"GET /files/{DUMP}" in shown
    assert "hanako@example.jp" not in shown and "new@example.jp" not in shown


def test_a_part_of_it_is_possible(made: Path, tmp_path: Path) -> None:
    size = (made / DUMP).stat().st_size
    found = assessed(made, tmp_path, backup=True, logs={"access.log": access_log(sent=size // 2)})
    assert {verdict for cells in found.values() for verdict, _ in cells.values()} == {"possible", "ruled_out"}
    assert {verdict for verdict, _ in found["holder:3"].values()} == {"ruled_out"}


def test_without_the_file_the_inventory_tells(made: Path, tmp_path: Path) -> None:
    size = (made / DUMP).stat().st_size
    found = assessed(made, tmp_path, backup=False, logs={"access.log": access_log(sent=size)})
    assert set(found["holder:1"].values()) == {("possible", "export_declared:backup.nightly")}
    assert {verdict for verdict, _ in found["holder:3"].values()} == {"ruled_out"}


@pytest.mark.skipif(
    not (SFTP_SERVER.exists() and shutil.which("sftp")), reason="OpenSSH's sftp and sftp-server are not installed"
)
def test_the_log_of_a_real_sftp_server_shows_every_byte_going_out(made: Path, tmp_path: Path) -> None:
    said = tmp_path / "sftp.err"
    fetch = f"get {made / DUMP} {tmp_path / 'stolen'}\nquit\n"
    with said.open("wb") as errors:
        subprocess.run(
            ["sftp", "-q", "-b", "-", "-D", f"{SFTP_SERVER} -e -l INFO"],
            input=fetch.encode(),
            env={**os.environ, "SSH_CONNECTION": f"{ATTACKER} 50022 192.0.2.5 22"},
            stderr=errors,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    told = [line for line in said.read_text(encoding="utf-8").splitlines() if "session" in line or "close" in line]
    log = "".join(f"2025-03-19T15:30:{10 + n:02d}+09:00 db sftp-server[4321]: {x}\n" for n, x in enumerate(told))
    assert f"bytes read {(made / DUMP).stat().st_size}" in log
    found = assessed(made, tmp_path, backup=True, logs={"access.log": access_log(sent=None), "auth.log": log})
    assert set(found["holder:1"].values()) == {("confirmed", "export_file")}


def test_a_shell_that_opened_it_is_possible(made: Path, tmp_path: Path) -> None:
    """auditd: a login from the attacker's address, and in its session a program that opens the file for reading."""
    found = assessed(made, tmp_path, backup=True, logs={"access.log": access_log(sent=None), "audit.log": AUDIT})
    assert set(found["holder:1"].values()) == {("possible", "export_declared:backup.nightly")}
    assert {verdict for verdict, _ in found["holder:3"].values()} == {"ruled_out"}


def test_the_manifest_of_a_file_is_counts(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(made, tmp_path, backup=False, logs={"access.log": access_log(sent=1)})
    (tmp_path / "list.csv").write_text("番号,氏名,メールアドレス\nx,鈴木 一郎,minoru@example.jp\n", encoding="cp932")
    capsys.readouterr()
    case = ["--case", str(tmp_path / "case")]
    assert main([*case, "evidence", "manifest", str(made / DUMP), str(tmp_path / "list.csv"), "--json"]) == 0
    dump, sheet = json.loads(capsys.readouterr().out)
    assert [(part["name"], part["rows"]) for part in dump["parts"]] == [
        ("bank", 1), ("clinic", 0), ("holder", 2), ("policy", 0)
    ]  # fmt: skip
    assert [(one["category"], one["records"], one["exact"]) for one in dump["subjects"]] == [("holder", 2, 2)]
    assert (dump["anybody"], dump["unread"]) == ([], [])
    assert sheet["parts"][0]["items"] == ["name", "email"]
    assert main([*case, "evidence", "manifest", str(tmp_path / "list.csv")]) == 0
    shown = capsys.readouterr().out
    assert "list.csv" in shown and "minoru" not in shown and "鈴木" not in shown
