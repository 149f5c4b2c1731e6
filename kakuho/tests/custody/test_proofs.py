"""A proof shows one line of the journal, to someone who has only the public key, and nothing of any other."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.case import Case, Entry, Journal
from kakuho.custody.checkpoints import checkpoint_of, tree_of
from kakuho.custody.keys import SignerKey
from kakuho.custody.merkle import InvalidProofError
from kakuho.custody.notes import sign_note
from kakuho.custody.proofs import ProvenEntry, ProvenExtension, check_proof, prove_entry, prove_extension
from kakuho.custody.sealing import seal


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.jsonl", who="tanaka")
    journal.append_all([("case.created", {"id": "0f" * 16}), *(("note", {"番号": n}) for n in range(40))])
    return journal.entries()


def _note(entries: list[Entry], size: int, signer: SignerKey) -> bytes:
    return str(sign_note(checkpoint_of(entries, tree_of(entries), size).text, signer)).encode()


@given(st.data())
def test_any_line_under_a_checkpoint_is_proven_and_any_flipped_bit_is_refused(
    entries: list[Entry], signer: SignerKey, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    proof = prove_entry(entries, index, _note(entries, size, signer)).encode()
    proven = check_proof(proof, [signer.verifier])
    assert isinstance(proven, ProvenEntry)
    assert (proven.fields["seq"], proven.fields["act"], proven.checkpoint.size) == (index, entries[index].act, size)
    _require_refused(proof, signer, data)


@given(st.data())
def test_any_two_checkpoints_of_a_journal_are_consistent_and_any_flipped_bit_is_refused(
    entries: list[Entry], signer: SignerKey, data: st.DataObject
) -> None:
    newer = data.draw(st.integers(1, len(entries)))
    older = data.draw(st.integers(1, newer))
    proof = prove_extension(entries, _note(entries, older, signer), _note(entries, newer, signer)).encode()
    proven = check_proof(proof, [signer.verifier])
    assert isinstance(proven, ProvenExtension)
    assert (proven.older.size, proven.newer.size) == (older, newer)
    parsed = json.loads(proof)
    kept = data.draw(st.sampled_from(["older", "newer"]))
    parsed["older"] = parsed["newer"] = parsed[kept]
    if older != newer and parsed["hashes"]:
        with pytest.raises(InvalidProofError):
            check_proof(json.dumps(parsed).encode(), [signer.verifier])


def test_a_proof_is_in_the_form_of_c2sp_and_holds_one_line_only(case: Case, signer: SignerKey) -> None:
    sealed = seal(case, signer).manifest
    note = (case.directory / sealed.note_path).read_bytes()
    lines = prove_entry(case.journal.entries(), 2, note).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert json.loads(base64.b64decode(lines[1].removeprefix("extra ")))["act"] == case.journal.entries()[2].act
    assert lines[2] == "index 2"
    assert "\n".join(lines).endswith("\n\n" + note.decode())
    assert all(len(base64.b64decode(line)) == 32 for line in lines[3 : lines.index("")])


def test_a_proof_by_another_key_is_refused(entries: list[Entry], signer: SignerKey) -> None:
    proof = prove_entry(entries, 3, _note(entries, 9, signer)).encode()
    with pytest.raises(InvalidProofError):
        check_proof(proof, [SignerKey.generate("csirt.example").verifier])


def test_a_line_beyond_the_checkpoint_has_no_proof(entries: list[Entry], signer: SignerKey) -> None:
    with pytest.raises(IndexError):
        prove_entry(entries, 9, _note(entries, 9, signer))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"format": 1}', b"\xff", b"c2sp.org/tlog-proof@v1\n", b"{" * 9]
)
def test_what_is_no_proof_is_refused(content: bytes, signer: SignerKey, tmp_path: Path) -> None:
    with pytest.raises(InvalidProofError):
        check_proof(content, [signer.verifier])


def _require_refused(proof: bytes, signer: SignerKey, data: st.DataObject) -> None:
    content = bytearray(proof)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidProofError):
        check_proof(bytes(content), [signer.verifier])
