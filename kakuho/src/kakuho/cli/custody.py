"""``kakuho custody``: keys, checkpoints, time-stamps, proofs, and whether the case is still what it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, open_case
from kakuho.cli.custody_options import KeyOption, signer_of
from kakuho.cli.output import emit, notice, progress, text
from kakuho.custody.keyfiles import new_signer
from kakuho.custody.sealing import seal
from kakuho.language import Bilingual


def keygen(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="署名鍵の新しいファイル。 / The new signer key.")],
    *,
    name: Annotated[
        str,
        typer.Option(metavar="NAME", help="鍵の名前、例 csirt.example.co.jp。 / The key's name; no space, no plus."),
    ],
    as_json: JsonOption = False,
) -> None:
    """署名鍵を作り、検証鍵を表示します。 / Make a signer key and print the verifier key."""
    signer = new_signer(file, name)
    notice(
        ctx,
        Bilingual(
            ja=f"署名鍵: {file}（本人だけが読めます。控えを取り、事案と別に保管）。次の検証鍵を、"
            "受け取る人に別の経路で伝えてください。",
            en=f"signer key: {file} (its owner's alone; keep a copy, apart from the case). Give this verifier "
            "key to whoever "
            "receives the case, by another way:",
        ),
    )
    verifier = str(signer.verifier)
    emit(
        ctx,
        {"key": str(file), "verifier": verifier},
        lambda console: console.print(verifier, markup=False, soft_wrap=True),
    )


def checkpoint(ctx: typer.Context, *, key: KeyOption = None, as_json: JsonOption = False) -> None:
    """いまの全ファイルを封印し、台帳に署名します。 / Seal every file of the case as it is and sign the journal."""
    case = open_case(ctx)
    signer = signer_of(key, case)
    with case.lock(), progress(ctx, text(ctx, ja="検証と封印", en="verifying and sealing")) as advance:
        sealed = seal(case, signer, advance)
    manifest = sealed.manifest
    if sealed.changed:
        names = ", ".join(sealed.changed)
        notice(
            ctx,
            Bilingual(
                ja=f"前の封印から変わったファイルを封印し直しました: {names}",
                en=f"changed since the last seal: {names}",
            ),
        )
    if manifest.key is None:
        notice(
            ctx,
            Bilingual(ja="署名はしていません（--key FILE で署名します）。", en="it is not signed; --key FILE signs it"),
        )

    def human(console: Console) -> None:
        state = ("封印しました", "sealed") if sealed.fresh else ("変わりありません", "nothing has changed")
        console.print(
            text(
                ctx,
                ja=f"{state[0]}: チェックポイント {manifest.number:03d}、台帳 {manifest.size} 件、ファイル "
                f"{manifest.files} 点",
                en=f"{state[1]}: checkpoint {manifest.number:03d}, {manifest.size} journal entries, "
                f"{manifest.files} files",
            ),
            soft_wrap=True,
        )
        if manifest.key is not None:
            console.print(str(case.directory / manifest.note_path), markup=False, soft_wrap=True)

    note = str(case.directory / manifest.note_path) if manifest.key is not None else None
    emit(ctx, {**manifest.__dict__, "fresh": sealed.fresh, "changed": sealed.changed, "note": note}, human)
