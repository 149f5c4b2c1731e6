"""A MariaDB server of Kakuho's own in a folder, reached through a socket only, that never outlives this process.

The program is the machine's ``mariadbd`` (or ``mysqld``), package mariadb-server; nothing of the machine's own server,
its settings or its data is touched. Where Kakuho runs as root the server runs as the user of the embedded PostgreSQL.
Knows nothing of snapshots.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pymysql

from kakuho.engine.postgresql import server_user
from kakuho.errors import KakuhoError
from kakuho.language import Bilingual

ADMINISTRATOR = "root"
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
_LAUNCHER = Path(__file__).with_name("launch.py")
_PLACES = "/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/bin:/usr/local/bin"
SETTINGS = {
    "skip-networking": None,
    "skip-log-bin": None,
    "skip-name-resolve": None,
    "skip-symbolic-links": None,
    "skip-slave-start": None,
    "local-infile": "0",
    "event-scheduler": "OFF",
    "performance-schema": "OFF",
    "lower-case-table-names": "1",
    "character-set-server": "utf8mb4",
    "enforce-storage-engine": "InnoDB",
    "innodb-buffer-pool-size": "128M",
    "innodb-log-file-size": "64M",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "innodb-doublewrite": "0",
    "innodb-temp-data-file-path": "ibtmp1:12M:autoextend:max:1G",
    "tmp-table-size": "64M",
    "max-heap-table-size": "64M",
    "tmp-disk-table-size": "1G",
    "max-session-mem-used": "1G",
    "max-allowed-packet": "1G",
    "max-connections": "10",
    "thread-stack": "512K",
    "default-time-zone": "+00:00",
}
"""Whatever a statement asks for: no network, no file of the server's machine, bounded memory and temporary files."""


def mariadb_program(*names: str) -> Path | None:
    """Where the first of these programs is; a server lies outside an ordinary user's PATH."""
    found = (shutil.which(name) or shutil.which(name, path=_PLACES) for name in names)
    return next((Path(path) for path in found if path), None)


def has_mariadb() -> bool:
    """Whether this machine can start a MariaDB server."""
    return _server() is not None


def _server() -> Path | None:
    program = mariadb_program("mariadbd", "mysqld")
    return program if program is not None and _installer() is not None else None


def _installer() -> Path | None:
    return mariadb_program("mariadb-install-db", "mysql_install_db")


class MariadbServer:
    """A server on ``folder/data``, made where it does not exist. Use as a context manager, one process at a time."""

    def __init__(self, folder: Path, settings: dict[str, str | None] | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.settings = {**SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._place: Path | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._make_reachable()
            if not (self.data / "mysql").exists():
                self._initialise()
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place = None

    def connect(self, database: str | None = None, user: str = ADMINISTRATOR) -> pymysql.connections.Connection[Any]:
        """A connection through the socket, in autocommit; results are values as MariaDB sends them."""
        return pymysql.connect(
            unix_socket=str(self.socket),
            user=user,
            database=database,
            charset="utf8mb4",
            autocommit=True,
            local_infile=False,
            max_allowed_packet=1 << 30,
        )

    @property
    def process_id(self) -> int | None:
        """Of the server, while it runs."""
        return None if self._process is None else self._process.pid

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return (self._place or self.data) / "socket"

    def _make_reachable(self) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="kakuho-"))  # a socket's path is limited to 107 bytes
        for folder in (self.data, self.folder / "nothing", self.folder / "temporary"):
            folder.mkdir(mode=0o700, exist_ok=True)
        self._user, self._group = os.geteuid(), os.getegid()
        if os.geteuid() != 0:
            return
        entry = server_user()
        self._user, self._group = entry.pw_uid, entry.pw_gid
        for folder in (self._place, self.data, self.folder / "nothing", self.folder / "temporary"):
            os.chown(folder, self._user, self._group)
        for folder in (*self.folder.parents, self.folder):
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)

    def _initialise(self) -> None:
        program = _installer()
        if program is None:
            raise _absent(self.folder)
        options = ("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
        place = (f"--datadir={self.data}", f"--tmpdir={self.folder / 'temporary'}", "--no-defaults")
        done = subprocess.run(
            [*self._launcher(), str(program), place[2], *options, *place[:2], "--lower-case-table-names=1"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd="/",
        )
        if done.returncode != 0:
            raise KakuhoError(
                Bilingual(
                    ja="MariaDB のデータフォルダーを作れません。", en="the data folder of MariaDB cannot be made"
                ),
                where=f"{self.data}: {_last_line(done.stderr or done.stdout)}",
                remedy=Bilingual(ja="空き容量と権限を確かめてください。", en="check free space and permissions"),
            )

    def _start(self) -> None:
        program = _server()
        if program is None:
            raise _absent(self.folder)
        options = [f"--{name}" if value is None else f"--{name}={value}" for name, value in self.settings.items()]
        log_path = self.folder / "server.log"
        with log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._launcher(), str(program), "--no-defaults", f"--datadir={self.data}",
                 f"--socket={self.socket}", f"--pid-file={self.socket}.pid",
                 f"--secure-file-priv={self.folder / 'nothing'}", f"--tmpdir={self.folder / 'temporary'}", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.socket.exists():
                try:
                    self.connect().close()
                except pymysql.Error:
                    pass
                else:
                    return
            time.sleep(0.05)
        raise KakuhoError(
            Bilingual(ja="MariaDB が起動しません。", en="MariaDB does not start"),
            where=f"{log_path}: {_last_line(log_path.read_bytes())}",
            remedy=Bilingual(
                ja="空き容量と権限を確かめ、このフォルダーを消してもう一度実行してください（作り直されます）。",
                en="check free space and permissions; then delete this folder and try again: it is made anew",
            ),
        )

    def _launcher(self) -> list[str]:
        numbers = (str(self._user), str(self._group), str(os.getpid()), str(int(signal.SIGTERM)))
        return [sys.executable, "-I", "-S", str(_LAUNCHER), *numbers]


def _absent(folder: Path) -> KakuhoError:
    return KakuhoError(
        Bilingual(ja="MariaDB のサーバー（mariadbd）が見つかりません。", en="no MariaDB server (mariadbd) is found"),
        where=str(folder),
        remedy=Bilingual(ja="mariadb-server を入れてください。", en="install mariadb-server"),
    )


def _last_line(said: bytes) -> str:
    """What a program said last; at its start that names files and settings, never data."""
    return said.decode("utf-8", errors="replace").strip().rpartition("\n")[2]
