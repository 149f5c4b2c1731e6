"""Time-stamps: the responses of real authorities, and a whole exchange with OpenSSL as the authority."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kakuho.case import Case
from kakuho.custody.keys import SignerKey
from kakuho.custody.sealing import seal
from kakuho.custody.timestamps import (
    InvalidTimestampError,
    add_timestamp,
    read_certificates,
    request_timestamp,
    verify_timestamp,
)
from kakuho.custody.verification import verify
from kakuho.errors import IntegrityError, UsageError

STAMPED = {
    "test_tsa/response.tsr": b"hello",
    "sigstage/response-sha256.tsr": b"hello",
    "sigstage/response-sha384.tsr": b"hello",
    "sigstage/response-sha512.tsr": b"hello",
    "sigstage/response-no-embedded-cert.tsr": b"hello",
    "identrust/issue-104.tsr": b"hello",
}


def _checked(folder: Path, name: str, message: bytes, nonce: int | None = None) -> datetime:
    response = folder / name
    certificates = read_certificates((response.parent / "ts_chain.pem").read_bytes())
    return verify_timestamp(response.read_bytes(), message, certificates, nonce=nonce)


def _nonce(request: Path) -> int:
    """The nonce of a request, as OpenSSL reads it."""
    command = ["openssl", "ts", "-query", "-in", str(request), "-text"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(next(line for line in text.splitlines() if line.startswith("Nonce: ")).split()[1], 16)


@pytest.mark.parametrize("name", STAMPED)
def test_what_real_authorities_stamped_verifies_and_nothing_else_does(timestamp_vectors: Path, name: str) -> None:
    _checked(timestamp_vectors, name, STAMPED[name])
    with pytest.raises(InvalidTimestampError):
        _checked(timestamp_vectors, name, b"hellO")


def test_a_certificate_that_has_expired_since_does_not_undo_a_stamp(timestamp_vectors: Path) -> None:
    message = (timestamp_vectors / "sigstore.mock" / "payload").read_bytes()
    moment = _checked(timestamp_vectors, "sigstore.mock/response-expired.tsr", message)
    assert moment.date().isoformat() == "2023-02-01"
    certificates = read_certificates((timestamp_vectors / "sigstore.mock" / "ts_chain.pem").read_bytes())
    assert any(one.not_valid_after_utc < datetime(2026, 1, 1, tzinfo=UTC) for one in certificates)


@pytest.mark.parametrize("name", ["response-invalid-signature.tsr", "../test_tsa/response.tsr"])
def test_a_wrong_signature_or_another_authority_is_refused(timestamp_vectors: Path, name: str) -> None:
    certificates = read_certificates((timestamp_vectors / "sigstage" / "ts_chain.pem").read_bytes())
    response = (timestamp_vectors / "sigstage" / name).read_bytes()
    with pytest.raises(InvalidTimestampError):
        verify_timestamp(response, b"hello", certificates, nonce=None)


def test_a_response_belongs_to_its_own_request(timestamp_vectors: Path) -> None:
    own, other = (_nonce(timestamp_vectors / "test_tsa" / name) for name in ("request.der", "other_request.der"))
    _checked(timestamp_vectors, "test_tsa/response.tsr", b"hello", own)
    for name, nonce in (("response.tsr", other), ("other_response.tsr", own), ("other_response.tsr", other)):
        with pytest.raises(InvalidTimestampError):
            _checked(timestamp_vectors, f"test_tsa/{name}", b"hello", nonce)


@pytest.mark.parametrize("length", [0, 1, 2, 10, 100, 500, 1000])
def test_a_response_cut_short_is_refused_in_words(timestamp_vectors: Path, length: int) -> None:
    response = (timestamp_vectors / "sigstage" / "response-sha256.tsr").read_bytes()
    certificates = read_certificates((timestamp_vectors / "sigstage" / "ts_chain.pem").read_bytes())
    assert length < len(response)
    with pytest.raises(InvalidTimestampError):
        verify_timestamp(response[:length], b"hello", certificates, nonce=None)


class Authority:
    """A time-stamping authority: OpenSSL's, with a root and a certificate made for the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root_key, self.key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _certificate("Test Root", root_key, "Test Root", root_key, authority=True)
        own = _certificate("Test TSA", self.key, "Test Root", root_key, authority=False)
        pem = [one.public_bytes(serialization.Encoding.PEM) for one in (own, root)]
        self.certificates = b"".join(pem)
        (folder / "tsa.pem").write_bytes(pem[0])
        (folder / "tsa.key").write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(
            f"[tsa]\nserial = {folder}/serial\nsigner_cert = {folder}/tsa.pem\nsigner_key = {folder}/tsa.key\n"
            "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\naccuracy = secs:1\n"
            "ess_cert_id_alg = sha256\n"
        )

    def answer(self, request: bytes) -> bytes:
        """The response to a request."""
        (self.folder / "request.tsq").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-queryfile", "request.tsq", "-config", "tsa.cnf", "-section", "tsa"]
        subprocess.run([*command, "-out", "response.tsr"], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "response.tsr").read_bytes()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("needs OpenSSL as the time-stamping authority")
    (tmp_path / "tsa").mkdir()
    return Authority(tmp_path / "tsa")


def test_a_checkpoint_is_stamped_by_an_authority_and_verified(
    case: Case, signer: SignerKey, authority: Authority
) -> None:
    seal(case, signer)
    path, request = request_timestamp(case)
    assert path.name == "001.1.tsq"
    before = datetime.now(UTC) - timedelta(seconds=2)
    found = add_timestamp(case, authority.answer(request), authority.certificates)
    assert (found.checkpoint, found.authority) == (1, "CN=Test TSA")
    assert before <= datetime.fromisoformat(found.time) <= datetime.now(UTC) + timedelta(seconds=2)
    assert verify(case, verifiers=[signer.verifier]).timestamps == [found]
    roots = read_certificates(authority.certificates)
    assert verify(case, authorities=roots[1:]).timestamps == [found]
    assert [entry.act for entry in case.journal.entries()[-2:]] == ["timestamp.requested", "timestamp.added"]
    seal(case, signer)
    assert verify(case, verifiers=[signer.verifier]).signed_entries == len(case.journal.entries())


def test_a_response_that_answers_another_request_is_refused(
    case: Case, signer: SignerKey, authority: Authority
) -> None:
    seal(case, signer)
    _, first = request_timestamp(case)
    answer = authority.answer(first)
    add_timestamp(case, answer, authority.certificates)
    request_timestamp(case)
    before = case.journal.path.read_bytes()
    with pytest.raises(UsageError):
        add_timestamp(case, answer, authority.certificates)
    assert case.journal.path.read_bytes() == before
    assert not (case.checkpoints / "001.2.tsr").exists()


def test_another_authoritys_certificates_do_not_verify_it(
    case: Case, signer: SignerKey, authority: Authority, tmp_path: Path
) -> None:
    seal(case, signer)
    add_timestamp(case, authority.answer(request_timestamp(case)[1]), authority.certificates)
    (tmp_path / "other").mkdir()
    other = read_certificates(Authority(tmp_path / "other").certificates)
    with pytest.raises(IntegrityError) as caught:
        verify(case, authorities=other)
    assert caught.value.where.startswith("checkpoints/001.1.tsr")


@pytest.mark.parametrize("name", ["001.1.tsq", "001.1.tsr", "001.1.pem"])
def test_a_changed_file_of_a_time_stamp_is_named(
    case: Case, signer: SignerKey, authority: Authority, name: str
) -> None:
    seal(case, signer)
    add_timestamp(case, authority.answer(request_timestamp(case)[1]), authority.certificates)
    content = bytearray((case.checkpoints / name).read_bytes())
    content[-3] ^= 1
    (case.checkpoints / name).write_bytes(content)
    with pytest.raises(IntegrityError) as caught:
        verify(case)
    assert caught.value.where.startswith(f"checkpoints/{name} (journal.jsonl:")


def test_there_is_nothing_to_stamp_before_a_signed_checkpoint(case: Case) -> None:
    seal(case)
    with pytest.raises(UsageError):
        request_timestamp(case)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())
