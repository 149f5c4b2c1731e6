"""`petinsurance`: the database, the web server, and both at once for looking around.

Commands that only stop or start the database do not load Django.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from petinsurance import database as embedded
from petinsurance import web_server
from petinsurance.errors import PetinsuranceError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="ペット保険システム / The pet-insurance system")
database = typer.Typer(no_args_is_help=True, help="組み込みのPostgreSQL / The embedded PostgreSQL server")
app.add_typer(database, name="database")

DataDir = Annotated[Path, typer.Option(help="データベースと鍵の置き場所 / Where database and secrets are kept")]
LogDir = Annotated[Path, typer.Option(help="ログの置き場所 / Where logs are written")]


@database.command("start")
def database_start(
    data_dir: DataDir,
    log_dir: Annotated[Path | None, typer.Option(help="既定はDATA_DIR/logs / Default: DATA_DIR/logs")] = None,
    log_format: Annotated[str, typer.Option(help="jsonlog, csvlog")] = "jsonlog",
    listen: Annotated[
        str | None,
        typer.Option(help="ソケットに加えて待ち受けるループバックアドレス / A loopback address to listen on as well"),
    ] = None,
    port: Annotated[int, typer.Option(help="--listenのポート、0は空きポート / Port of --listen; 0: a free one")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / Print JSON")] = False,
) -> None:
    """サーバーを起動したままにして、接続URLを表示します。 / Start the server, leave it running, print its URLs."""
    if log_format not in ("jsonlog", "csvlog"):
        raise typer.BadParameter("jsonlog, csvlog", param_hint="--log-format")
    running = embedded.start(data_dir, log_dir, "csvlog" if log_format == "csvlog" else "jsonlog", listen, port)
    urls = {"web_url": running.web_url, "owner_url": running.owner_url, "log_file": str(running.log_file)}
    if running.listens_on is not None:
        urls["listens_on"] = running.listens_on
    if as_json:
        typer.echo(json.dumps(urls))
    else:
        for name, value in urls.items():
            typer.echo(f"{name}: {value}")


@database.command("stop")
def database_stop(data_dir: DataDir) -> None:
    """サーバーを停止します。 / Stop the server."""
    embedded.stop(data_dir)


@app.command()
def migrate() -> None:
    """表を作成・更新します。DATABASE_URLは所有者ロール。 / Create or update the tables as their owner."""
    from petinsurance.migration import migrate as run  # noqa: PLC0415 (loads Django)

    run(_database_url())


@app.command()
def populate(
    scale: Annotated[float, typer.Option(help="1 = 実際の規模 / the real size")],
    seed: Annotated[int, typer.Option(help="乱数の種 / Seed")] = 1,
) -> None:
    """架空の人々を読み込みます。DATABASE_URLは所有者ロール。 / Load a synthetic population as the owner."""
    from petinsurance import population  # noqa: PLC0415 (loads pyarrow)

    population.load(_database_url(), scale=scale, seed=seed)


@app.command()
def web(
    log_dir: LogDir,
    port: Annotated[int, typer.Option(help="ポート / Port")] = 8000,
    host: Annotated[str, typer.Option(help="待ち受けアドレス / Address to listen on")] = "127.0.0.1",
    settings: Annotated[str, typer.Option(help="Djangoの設定モジュール / Django settings")] = "petinsurance.settings",
    workers: Annotated[int, typer.Option(help="プロセス数 / Processes")] = 1,
    threads: Annotated[int, typer.Option(help="スレッド数 / Threads a process")] = 8,
) -> None:
    """gunicornで公開します（このプロセスが置き換わります）。 / Serve with gunicorn, which replaces this process."""
    _database_url()
    if not os.environ.get("PETINSURANCE_SECRET_KEY"):
        raise PetinsuranceError(
            "there is no secret key",
            where="environment variable PETINSURANCE_SECRET_KEY",
            remedy="set it to at least 50 random characters",
        )
    log_dir.mkdir(parents=True, exist_ok=True)
    command = web_server.command(host, port, log_dir.resolve(), workers, threads)
    os.execve(sys.executable, command, web_server.environment(host, log_dir.resolve(), settings))  # noqa: S606


@app.command()
def serve(
    scale: Annotated[float, typer.Option(help="1 = 実際の規模 / the real size")] = 0.01,
    seed: Annotated[int, typer.Option(help="乱数の種 / Seed")] = 1,
    port: Annotated[int, typer.Option(help="ポート / Port")] = 8000,
    data_dir: DataDir = Path("run/petinsurance"),
    log_dir: Annotated[Path | None, typer.Option(help="既定はDATA_DIR/logs / Default: DATA_DIR/logs")] = None,
) -> None:
    """すべてを一度に起動し、Ctrl-Cで止めます。 / Start everything at once; Ctrl-C stops it."""
    from petinsurance.serving import serve as run  # noqa: PLC0415 (loads Django)

    run(scale=scale, seed=seed, port=port, data_dir=data_dir.resolve(), log_dir=log_dir)


def main() -> None:
    try:
        app()
    except PetinsuranceError as error:
        typer.echo(f"petinsurance: {error}", err=True)
        sys.exit(1)


def _database_url() -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise PetinsuranceError(
            "no database is named",
            where="environment variable DATABASE_URL",
            remedy="set it to a URL that `petinsurance database start` printed, or to a server of your own",
        )
    return url
