"""``kakuho custody timestamp``: a request to a time-stamping authority, and its response, as files (RFC 3161)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kakuho.cli.context import JsonOption, open_case
from kakuho.cli.custody_options import certificates_of, read_file, write_new_file
from kakuho.cli.output import emit, text
from kakuho.custody.timestamps import add_timestamp, request_timestamp


def request(
    ctx: typer.Context,
    checkpoint: Annotated[
        int | None,
        typer.Argument(
            metavar="CHECKPOINT", help="チェックポイントの番号（既定: 最後）。 / Its number; the last by default."
        ),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="要求の書き出し先（.tsq）。 / Where to write it.")
    ],
    as_json: JsonOption = False,
) -> None:
    """時刻認証局への要求を作ります。送るのは利用者です。 / Make a request; sending it is up to you."""
    case = open_case(ctx)
    with case.lock():
        path, content = request_timestamp(case, checkpoint)
    write_new_file(output, content)
    emit(
        ctx,
        {"request": str(output), "kept": str(path)},
        lambda console: console.print(
            text(
                ctx,
                ja=f"要求を書き出しました: {output}\n送り方の例: curl -H 'Content-Type: application/timestamp-query' "
                f"--data-binary @{output} 認証局のURL -o response.tsr",
                en=f"request written: {output}\nto send it: curl -H 'Content-Type: application/timestamp-query' "
                f"--data-binary @{output} URL-OF-THE-AUTHORITY -o response.tsr",
            ),
            markup=False,
            soft_wrap=True,
        ),
    )


def add(
    ctx: typer.Context,
    response: Annotated[Path, typer.Argument(metavar="RESPONSE", help="認証局の応答（.tsr）。 / The response.")],
    *,
    tsa_certificate: Annotated[
        Path,
        typer.Option(
            "--tsa-certificate",
            metavar="FILE",
            help="時刻認証局の証明書（PEM、根を含む）。 / The authority's certificates (PEM), root included.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """応答を検証して事案に加えます。 / Verify a response and take it into the case."""
    content = read_file(response)
    certificates_of(tsa_certificate)
    case = open_case(ctx)
    with case.lock():
        found = add_timestamp(case, content, read_file(tsa_certificate))
    emit(
        ctx,
        asdict(found),
        lambda console: console.print(
            text(
                ctx,
                ja=f"加えました: チェックポイント {found.checkpoint:03d} は {found.time} に存在した"
                f"（{found.authority}）",
                en=f"added: checkpoint {found.checkpoint:03d} existed at {found.time} ({found.authority})",
            ),
            markup=False,
            soft_wrap=True,
        ),
    )
