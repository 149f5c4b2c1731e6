"""Options about keys and files that the commands of custody and of the case's archive share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from cryptography.x509 import Certificate

from kakuho.case import Case
from kakuho.custody.keyfiles import read_signer, read_verifier
from kakuho.custody.keys import SignerKey, VerifierKey
from kakuho.custody.timestamps import read_certificates
from kakuho.errors import UsageError
from kakuho.language import Bilingual

KeyOption = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="署名鍵のファイル（keygen で作る）。 / The signer key, of keygen."),
]
VerifierOption = Annotated[
    list[str] | None,
    typer.Option(
        "--verifier",
        metavar="VKEY",
        help="信頼する検証鍵（文字列かファイル、繰り返し可）。 / A verifier key to trust: its text or a file; "
        "repeatable.",
    ),
]
CertificateOption = Annotated[
    Path | None,
    typer.Option(
        "--tsa-certificate",
        metavar="FILE",
        help="時刻認証局の証明書（PEM、根を含む）。 / The authority's certificates (PEM), root included.",
    ),
]


def signer_of(path: Path | None, case: Case) -> SignerKey | None:
    """The signer key named by ``--key``."""
    return read_signer(path, outside=case.directory) if path else None


def verifiers_of(given: list[str] | None) -> list[VerifierKey]:
    """The verifier keys named by ``--verifier``."""
    return [read_verifier(one) for one in given or []]


def certificates_of(path: Path | None) -> list[Certificate]:
    """The certificates named by ``--tsa-certificate``."""
    if path is None:
        return []
    try:
        return read_certificates(read_file(path))
    except ValueError:
        raise UsageError(
            Bilingual(ja="証明書として読めません。", en="it cannot be read as certificates"),
            where=str(path),
            remedy=Bilingual(ja="PEM 形式の証明書を指定してください。", en="name certificates in PEM form"),
        ) from None


def read_file(path: Path) -> bytes:
    """A file that the user named; raises UsageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            Bilingual(ja=f"ファイルを読めません（{error.strerror}）。", en=f"it cannot be read ({error.strerror})"),
            where=str(path),
            remedy=Bilingual(ja="名前と権限を確かめてください。", en="check its name and permissions"),
        ) from None


def write_new_file(path: Path, content: bytes) -> None:
    """Write what the user asked for to a file that is not there yet; raises UsageError."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(
            Bilingual(ja=f"書き込めません（{error.strerror}）。", en=f"it cannot be written ({error.strerror})"),
            where=str(path),
            remedy=Bilingual(ja="まだない名前を指定してください。", en="name a file that is not there yet"),
        ) from None
