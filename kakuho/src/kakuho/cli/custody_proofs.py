"""``kakuho custody prove``, ``prove-extension`` and ``check-proof``: proofs that stand alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kakuho.case import Case
from kakuho.cli.context import JsonOption, open_case
from kakuho.cli.custody_options import VerifierOption, read_file, verifiers_of, write_new_file
from kakuho.cli.output import emit, text
from kakuho.custody.manifest import SealedManifest, sealed_manifests
from kakuho.custody.merkle import InvalidProofError
from kakuho.custody.proofs import ProvenEntry, check_proof, prove_entry, prove_extension
from kakuho.errors import IntegrityError, UsageError
from kakuho.language import Bilingual

OutputOption = Annotated[
    Path, typer.Option("-o", "--output", metavar="FILE", help="証明の書き出し先。 / Where to write the proof.")
]


def prove(
    ctx: typer.Context,
    entry: Annotated[
        int, typer.Argument(metavar="ENTRY", help="台帳の行番号（1から）。 / The journal's line, counted from 1.")
    ],
    *,
    output: OutputOption,
    as_json: JsonOption = False,
) -> None:
    """台帳の一行が署名の下にあることの証明を作ります。 / Prove that one line of the journal is under a signature."""
    case = open_case(ctx)
    entries = case.journal.entries()
    covering = [one for one in _signed(case) if 1 <= entry <= one.size]
    if not covering:
        raise UsageError(
            Bilingual(
                ja="その行を覆う署名付きチェックポイントがありません。", en="no signed checkpoint covers that line"
            ),
            where=f"journal.jsonl:{entry}",
            remedy=Bilingual(
                ja="行番号を確かめるか、kakuho custody checkpoint --key FILE を実行してください。",
                en="check its number, or run kakuho custody checkpoint --key FILE first",
            ),
        )
    proof = prove_entry(entries, entry - 1, read_file(case.directory / covering[-1].note_path))
    write_new_file(output, proof.encode())
    _written(ctx, output, entry=entry, checkpoint=covering[-1].number)


def prove_extension_command(
    ctx: typer.Context,
    older: Annotated[int, typer.Argument(metavar="OLDER", help="古いチェックポイントの番号。 / The older checkpoint.")],
    newer: Annotated[int, typer.Argument(metavar="NEWER", help="新しいチェックポイントの番号。 / The newer one.")],
    *,
    output: OutputOption,
    as_json: JsonOption = False,
) -> None:
    """二つのチェックポイントの間で追記だけされたことの証明を作ります。 / Prove that nothing changed, only grew."""
    case = open_case(ctx)
    signed = {one.number: one for one in _signed(case)}
    if older not in signed or newer not in signed or older > newer:
        raise UsageError(
            Bilingual(ja="その番号の署名付きチェックポイントがありません。", en="there are no such signed checkpoints"),
            where=f"{older:03d}, {newer:03d}",
            remedy=Bilingual(
                ja="古い番号、新しい番号の順に指定してください。", en="name the older one first, then the newer one"
            ),
        )
    notes = [read_file(case.directory / signed[number].note_path) for number in (older, newer)]
    write_new_file(output, prove_extension(case.journal.entries(), *notes).encode())
    _written(ctx, output, older=older, newer=newer)


def check_proof_command(
    ctx: typer.Context,
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="証明のファイル。 / The proof.")],
    *,
    verifier: VerifierOption = None,
    as_json: JsonOption = False,
) -> None:
    """証明を検証鍵だけで確かめます。事案は要りません。 / Check a proof with the verifier key alone; needs no case."""
    keys = verifiers_of(verifier)
    if not keys:
        raise UsageError(
            Bilingual(ja="検証鍵が要ります。", en="a verifier key is needed"),
            where="--verifier",
            remedy=Bilingual(ja="署名した人の検証鍵を指定してください。", en="name the signer's verifier key"),
        )
    try:
        proven = check_proof(read_file(proof), keys)
    except InvalidProofError as error:
        raise IntegrityError(
            Bilingual(ja="証明は成り立ちません。", en=f"the proof does not hold: {error}"),
            where=str(proof),
            remedy=Bilingual(
                ja="検証鍵を署名した人に別の経路で確かめ、証明をもう一度もらってください。",
                en="check the verifier key with the signer by another way and ask for the proof again",
            ),
        ) from None
    if isinstance(proven, ProvenEntry):
        line = json.dumps(proven.fields, ensure_ascii=False, indent=1)
        data: dict[str, Any] = {
            "proven": "entry",
            "entry": proven.fields,
            "origin": proven.checkpoint.origin,
            "key": str(proven.key),
        }
        words = text(
            ctx,
            ja=f"証明は成り立ちます。{proven.key.name} の署名した台帳（{proven.checkpoint.origin}、"
            f"{proven.checkpoint.size} 行）に次の行があります:\n{line}",
            en=f"the proof holds: the journal signed by {proven.key.name} ({proven.checkpoint.origin}, "
            f"{proven.checkpoint.size} lines) holds this line:\n{line}",
        )
    else:
        sizes = {"older": proven.older.size, "newer": proven.newer.size}
        data = {"proven": "extension", **sizes, "origin": proven.newer.origin, "key": str(proven.key)}
        words = text(
            ctx,
            ja=f"証明は成り立ちます。{proven.newer.origin} の最初の {proven.older.size} 行は、"
            f"{proven.newer.size} 行になっても"
            "変わっていません。",
            en=f"the proof holds: the first {proven.older.size} lines of {proven.newer.origin} are unchanged in its "
            f"{proven.newer.size} lines",
        )

    def human(console: Console) -> None:
        console.print(words, markup=False, soft_wrap=True)

    emit(ctx, data, human)


def _signed(case: Case) -> list[SealedManifest]:
    return [one for one in sealed_manifests(case.journal.entries()) if one.key is not None]


def _written(ctx: typer.Context, output: Path, **what: int) -> None:
    words = text(ctx, ja=f"証明を書き出しました: {output}", en=f"proof written: {output}")
    emit(ctx, {"proof": str(output), **what}, lambda console: console.print(words, markup=False, soft_wrap=True))
