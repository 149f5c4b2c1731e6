"""`petinsurance serve`: database, tables, a synthetic population, demonstration logins and the web server at once."""

import os
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import typer

from petinsurance import database, web_server
from petinsurance.credentials import load_or_create
from petinsurance.migration import migrate

HOST = "127.0.0.1"


def serve(scale: float, seed: int, port: int, data_dir: Path, log_dir: Path | None) -> None:
    """Serve until interrupted, then stop the database too. A database that has policyholders is not filled again."""
    signal.signal(signal.SIGTERM, _stop)
    log_dir = (log_dir or data_dir / "logs").resolve()
    running = database.start(data_dir, log_dir)
    try:
        secrets = load_or_create(data_dir)
        os.environ["PETINSURANCE_SECRET_KEY"] = secrets.secret_key
        os.environ["PETINSURANCE_LEDGER_KEY"] = secrets.ledger_key
        migrate(running.owner_url)
        _fill(running.owner_url, scale, seed)
        _say_who_can_log_in(port)
        os.environ["DATABASE_URL"] = running.web_url
        settings = os.environ["DJANGO_SETTINGS_MODULE"]
        command = web_server.command(HOST, port, log_dir, workers=1, threads=8)
        _run(command, web_server.environment(HOST, log_dir, settings))
    finally:
        database.stop(data_dir)


def _fill(owner_url: str, scale: float, seed: int) -> None:
    from petinsurance import population  # noqa: PLC0415 (loads pyarrow)
    from petinsurance.policyholders.models import Policyholder  # noqa: PLC0415 (Django is set up by now)

    if not Policyholder.objects.exists():
        typer.echo(f"架空の人々を読み込んでいます（{scale}） / loading a synthetic population ({scale}) …", err=True)
        population.load(owner_url, scale=scale, seed=seed)


def _say_who_can_log_in(port: int) -> None:
    from petinsurance.accounts.demonstration import open_demonstration_logins  # noqa: PLC0415 (Django is set up by now)

    typer.echo(f"http://{HOST}:{port}/")
    for login in open_demonstration_logins(datetime.now(UTC)):
        typer.echo(f"  http://{HOST}:{port}{login.page:<16} {login.role:<18} {login.login}  {login.password}")


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run the web server until it ends or this process is told to stop."""
    with subprocess.Popen(command, env=environment) as server:
        try:
            server.wait()
        finally:
            server.terminate()


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
