"""``kakuho custody verify``, also named ``kakuho case verify``: the whole case, read again from the disk."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, open_case
from kakuho.cli.custody_options import CertificateOption, VerifierOption, certificates_of, read_file, verifiers_of
from kakuho.cli.output import emit, notice, progress, text
from kakuho.custody.sealed_checkpoints import check_kept_note
from kakuho.custody.verification import Verification, verify
from kakuho.errors import UsageError
from kakuho.language import Bilingual


def verify_command(
    ctx: typer.Context,
    *,
    verifier: VerifierOption = None,
    tsa_certificate: CertificateOption = None,
    kept: Annotated[
        Path | None,
        typer.Option(
            "--kept",
            metavar="FILE",
            help="別に保管したチェックポイント（--verifier とともに）。台帳が古い状態に戻されていないかを見る。 / "
            "A checkpoint kept elsewhere, with --verifier: the journal must go on from it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """事案のすべてのファイルを読み直して検証します。 / Verify every file of the case, read again from the disk."""
    keys = verifiers_of(verifier)
    authorities = certificates_of(tsa_certificate)
    if kept is not None and not keys:
        raise UsageError(
            Bilingual(ja="--kept には --verifier が要ります。", en="--kept needs --verifier"),
            where="--kept",
            remedy=Bilingual(ja="署名した人の検証鍵を指定してください。", en="name the signer's verifier key"),
        )
    case = open_case(ctx)
    with progress(ctx, text(ctx, ja="検証中", en="verifying")) as advance:
        found = verify(case, advance, verifiers=keys, authorities=authorities)
        kept_entries = check_kept_note(case.journal.entries(), read_file(kept), keys, str(kept)) if kept else None
    show_notices(ctx, found, trusted=bool(keys))
    emit(
        ctx,
        {"verified": True, **asdict(found), "kept_entries": kept_entries},
        lambda console: show_verification(ctx, console, found),
    )


def show_notices(ctx: typer.Context, found: Verification, *, trusted: bool) -> None:
    """What a verification that succeeded leaves open, on stderr."""
    listed = (
        (
            found.unrecorded,
            "どこにも記録のないファイルがあります（次の封印で一覧に入ります）",
            "files that no record names (the next seal takes them in)",
        ),
        (
            found.unsealed,
            "まだ封印していないファイルがあります（kakuho custody checkpoint で封印）",
            "files that are not sealed yet (kakuho custody checkpoint seals them)",
        ),
        (found.leftovers, "中断したコマンドの残りがあります", "what an interrupted command left behind"),
    )
    for paths, ja, en in listed:
        if paths:
            names = ", ".join(paths)
            notice(ctx, Bilingual(ja=f"{ja}: {names}", en=f"{en}: {names}"))
    if not trusted and found.checkpoints:
        notice(
            ctx,
            Bilingual(
                ja="署名者は確かめていません。署名した人の検証鍵を --verifier で渡してください。",
                en="who signed was not checked: give the signer's verifier key with --verifier",
            ),
        )
    elif trusted and found.signed_entries < found.journal_entries:
        rest = f"{found.signed_entries + 1}–{found.journal_entries}"
        notice(
            ctx,
            Bilingual(
                ja=f"台帳の {rest} 行目は、まだ署名されていません。",
                en=f"lines {rest} of the journal are not signed yet",
            ),
        )


def show_verification(ctx: typer.Context, console: Console, found: Verification) -> None:
    """The result for people."""
    console.print(
        text(
            ctx,
            ja=f"一致しました: 台帳 {found.journal_entries} 件（署名済み {found.signed_entries} 件）、"
            f"証拠 {found.evidence_files} 点（{found.evidence_bytes:,} バイト）、全ファイル {found.files} 点、"
            f"チェックポイント {len(found.checkpoints)} 点",
            en=f"verified: {found.journal_entries} journal entries ({found.signed_entries} signed), "
            f"{found.evidence_files} evidence files ({found.evidence_bytes:,} bytes), {found.files} files in all, "
            f"{len(found.checkpoints)} checkpoints",
        ),
        soft_wrap=True,
    )
    for one in found.timestamps:
        console.print(
            text(
                ctx,
                ja=f"タイムスタンプ: チェックポイント {one.checkpoint:03d} は {one.time} に存在した（{one.authority}）",
                en=f"time-stamp: checkpoint {one.checkpoint:03d} existed at {one.time} ({one.authority})",
            ),
            markup=False,
            soft_wrap=True,
        )
