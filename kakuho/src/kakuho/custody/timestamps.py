"""Time-stamps of checkpoints by a trusted authority (RFC 3161), through files: nothing here opens a connection.

``NNN.K.tsq`` is a request for checkpoint ``NNN``, which a person sends to an authority of their choice; ``NNN.K.tsr``
is the response and ``NNN.K.pem`` the authority's certificates, its root among them. Stamped are the bytes of
``NNN.note``. Whoever verifies may bring the authority's certificates along instead of believing those that lie in the
case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from kakuho.case import Case, Entry
from kakuho.case.files import write_atomically
from kakuho.custody.contents import CHECKPOINTS, Contents
from kakuho.custody.manifest import SealedManifest, sealed_manifests
from kakuho.custody.refusals import refusal
from kakuho.errors import UsageError
from kakuho.language import Bilingual

REQUESTED_ACT = "timestamp.requested"
ADDED_ACT = "timestamp.added"


class InvalidTimestampError(ValueError):
    """A response that does not stamp what it was given for."""


@dataclass(frozen=True)
class TimestampFound:
    """A verified time-stamp: the checkpoint existed at ``time`` (UTC), says the authority."""

    checkpoint: int
    time: str
    authority: str


def verify_timestamp(
    response: bytes, message: bytes, certificates: Sequence[x509.Certificate], *, nonce: int | None
) -> datetime:
    """When the message was stamped, UTC (RFC 3161 section 2.4.2). ``nonce``: that of the request that was answered.

    ``certificates`` hold the authority's root and may hold intermediate ones and its own. Raises InvalidTimestampError.
    """
    builder = VerifierBuilder(roots=_roots(certificates), nonce=nonce)
    own = [one for one in certificates if not _may_issue(one)]
    if len(own) == 1:
        builder = builder.tsa_certificate(own[0])
    for one in certificates:
        if _may_issue(one) and one not in _roots(certificates):
            builder = builder.add_intermediate_certificate(one)
    try:
        decoded = decode_timestamp_response(response)
        builder.build().verify_message(decoded, message)
        return decoded.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError) as error:
        raise InvalidTimestampError(str(error)) from None


def read_certificates(content: bytes) -> list[x509.Certificate]:
    """Certificates of a PEM file, or the one of a DER file; raises ValueError."""
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def request_timestamp(case: Case, number: int | None = None) -> tuple[Path, bytes]:
    """A new request for a checkpoint, the last by default; kept in the case and journalled. Needs the lock."""
    sealed = _signed_manifest(case, number)
    note = (case.directory / sealed.note_path).read_bytes()
    request = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    requested = case.journal.entries(REQUESTED_ACT)
    earlier = sum(entry.details["checkpoint"] == sealed.number for entry in requested)
    path = f"{CHECKPOINTS}/{sealed.number:03d}.{earlier + 1}.tsq"
    content = request.as_bytes()
    write_atomically(case.directory / path, content)
    details = {
        "checkpoint": sealed.number,
        "file": path,
        "sha256": _sha256(content),
        "nonce": str(request.nonce),
    }
    case.record(REQUESTED_ACT, details)
    return case.directory / path, content


def add_timestamp(case: Case, response: bytes, certificates: bytes) -> TimestampFound:
    """Take in the response to one of the case's requests; raises UsageError where it answers none. Needs the lock."""
    entries = case.journal.entries()
    answered = {entry.details["request"] for entry in entries if entry.act == ADDED_ACT}
    read = read_certificates(certificates)
    reason = "no request is waiting for a response"
    for entry in entries:
        if entry.act != REQUESTED_ACT or entry.details["file"] in answered:
            continue
        note = (case.directory / CHECKPOINTS / f"{entry.details['checkpoint']:03d}.note").read_bytes()
        try:
            moment = verify_timestamp(response, note, read, nonce=int(entry.details["nonce"]))
        except InvalidTimestampError as error:
            reason = str(error)
            continue
        return _take_in(case, entry, response, certificates, read, moment)
    raise UsageError(
        Bilingual(
            ja="この応答は、事案のどのタイムスタンプ要求への答えでもありません。",
            en=f"the response answers none of the case's time-stamp requests ({reason})",
        ),
        where="--tsa-certificate / RESPONSE",
        remedy=Bilingual(
            ja="応答が kakuho custody timestamp request の要求へのものか、"
            "証明書が認証局の根までそろっているかを確かめてください。",
            en="check that it answers a request of kakuho custody timestamp request, and that the certificates "
            "include the "
            "authority's root",
        ),
    )


def check_timestamps(
    contents: Contents, entries: Sequence[Entry], authorities: Sequence[x509.Certificate] = ()
) -> tuple[list[TimestampFound], set[str]]:
    """Every request and response against the journal and the checkpoints; and their paths. Raises IntegrityError."""
    found: list[TimestampFound] = []
    paths: set[str] = set()
    nonces: dict[str, int] = {}
    for entry in entries:
        details, line = entry.details, f"journal.jsonl:{entry.seq + 1}"
        if entry.act == REQUESTED_ACT:
            _read(contents, details["file"], details["sha256"], line)
            paths.add(details["file"])
            nonces[details["file"]] = int(details["nonce"])
        elif entry.act == ADDED_ACT:
            response = _read(contents, details["response"], details["sha256"], line)
            certificates = _read(contents, details["certificates"], details["certificates_sha256"], line)
            paths |= {details["response"], details["certificates"]}
            stamped = f"{CHECKPOINTS}/{details['checkpoint']:03d}.note"
            note = (contents.directory / stamped).read_bytes() if stamped in contents else b""
            trusted = list(authorities) or read_certificates(certificates)
            try:
                moment = verify_timestamp(response, note, trusted, nonce=nonces[details["request"]])
            except (InvalidTimestampError, KeyError):
                raise refusal(
                    ja=f"チェックポイント {details['checkpoint']:03d} のタイムスタンプが、"
                    "渡された証明書では確かめられません。",
                    en=f"the time-stamp of checkpoint {details['checkpoint']:03d} does not verify",
                    where=f"{details['response']} ({line})",
                    remedy=Bilingual(
                        ja="時刻認証局の証明書（根を含む）を --tsa-certificate で渡して確かめてください。",
                        en="verify it with the authority's certificates, root included, by --tsa-certificate",
                    ),
                ) from None
            found.append(TimestampFound(details["checkpoint"], _text(moment), details["authority"]))
    return found, paths


def _take_in(
    case: Case,
    request: Entry,
    response: bytes,
    certificates: bytes,
    read: Sequence[x509.Certificate],
    moment: datetime,
) -> TimestampFound:
    stem = str(request.details["file"]).removesuffix(".tsq")
    own = [one for one in read if not _may_issue(one)]
    found = TimestampFound(
        request.details["checkpoint"], _text(moment), (own or _roots(read))[0].subject.rfc4514_string()
    )
    write_atomically(case.directory / f"{stem}.tsr", response)
    write_atomically(case.directory / f"{stem}.pem", certificates)
    details = {
        "checkpoint": found.checkpoint,
        "request": request.details["file"],
        "response": f"{stem}.tsr",
        "sha256": _sha256(response),
        "certificates": f"{stem}.pem",
        "certificates_sha256": _sha256(certificates),
        "time": found.time,
        "authority": found.authority,
    }
    case.record(ADDED_ACT, details)
    return found


def _signed_manifest(case: Case, number: int | None) -> SealedManifest:
    signed = [one for one in sealed_manifests(case.journal.entries()) if one.key is not None]
    chosen = [one for one in signed if number in (None, one.number)]
    if not chosen:
        raise UsageError(
            Bilingual(ja="署名付きチェックポイントがありません。", en="there is no such signed checkpoint"),
            where=f"{number:03d}" if number is not None else str(case.directory),
            remedy=Bilingual(
                ja="kakuho custody checkpoint --key FILE で作ってください。",
                en="make one with kakuho custody checkpoint --key FILE",
            ),
        )
    return chosen[-1]


def _read(contents: Contents, path: str, sha256: str, line: str) -> bytes:
    content = (contents.directory / path).read_bytes() if path in contents else None
    if content is None or _sha256(content) != sha256:
        raise refusal(
            ja="タイムスタンプのファイルが、台帳に記した時と違います。",
            en="a file of a time-stamp is not what the journal says",
            where=f"{path} ({line})",
        )
    return content


def _roots(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Those that issued themselves; the last one where there is none, which its user then trusts as it is."""
    return [one for one in certificates if one.issuer == one.subject] or list(certificates[-1:])


def _may_issue(certificate: x509.Certificate) -> bool:
    """Whether it is an authority's certificate (RFC 5280 section 4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return certificate.issuer == certificate.subject


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
