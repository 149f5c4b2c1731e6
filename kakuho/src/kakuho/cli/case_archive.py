"""``kakuho case export`` and ``import``: a case as one file, for the police or another firm, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, open_case, settings
from kakuho.cli.custody_options import KeyOption, VerifierOption, signer_of, verifiers_of
from kakuho.cli.custody_verify import show_verification
from kakuho.cli.output import emit, notice, progress, text
from kakuho.custody.archive import export_case
from kakuho.custody.importing import import_case
from kakuho.language import Bilingual


def export_command(
    ctx: typer.Context,
    target: Annotated[
        Path,
        typer.Argument(metavar="TARGET", help="新しい .zip か、既にあるフォルダー。 / A new .zip, or a folder for it."),
    ],
    *,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """事案を検証・封印して一つの zip に書き出します。 / Verify and seal the case and write it to one zip file."""
    case = open_case(ctx)
    signer = signer_of(key, case)
    with case.lock(), progress(ctx, text(ctx, ja="書き出し中", en="exporting")) as advance:
        done = export_case(case, target, signer, advance)
    if done.manifest.key is None:
        notice(
            ctx,
            Bilingual(
                ja="署名がありません。受け取る人は、誰が書き出したかを確かめられません（--key FILE で署名）。",
                en="it is not signed: whoever receives it cannot tell who exported it (--key FILE signs)",
            ),
        )

    def human(console: Console) -> None:
        console.print(
            text(ctx, ja=f"書き出しました: {done.path}", en=f"exported: {done.path}")
            + f"\nSHA-256: {done.sha256}  ({done.size:,} bytes)",
            markup=False,
            soft_wrap=True,
        )

    data = {"file": str(done.path), "sha256": done.sha256, "size": done.size, "checkpoint": done.manifest.number}
    emit(ctx, {**data, "signed": done.manifest.key is not None, "verifier": done.manifest.key}, human)


def import_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="書き出された zip。 / The exported zip.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="新しい事案のフォルダー。 / The new folder.")],
    *,
    verifier: VerifierOption = None,
    as_json: JsonOption = False,
) -> None:
    """書き出された事案をすべて検証してから取り込みます。 / Take an exported case in, once all of it is verified."""
    keys = verifiers_of(verifier)
    with progress(ctx, text(ctx, ja="検証と取り込み", en="verifying and importing")) as advance:
        done = import_case(file, directory, keys, by=settings(ctx).by, advance=advance)
    if not done.authenticated:
        notice(
            ctx,
            Bilingual(
                ja="署名者は確かめていません。送り手の検証鍵を --verifier で渡してください。",
                en="who signed was not checked: give the sender's verifier key with --verifier",
            ),
        )

    def human(console: Console) -> None:
        console.print(
            text(ctx, ja=f"取り込みました: {done.directory}", en=f"imported: {done.directory}"),
            markup=False,
            soft_wrap=True,
        )
        show_verification(ctx, console, done.verification)

    data = {"case": str(done.directory), "sha256": done.sha256, "authenticated": done.authenticated}
    emit(ctx, {**data, **asdict(done.verification)}, human)
