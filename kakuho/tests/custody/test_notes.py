"""Signed notes and checkpoints: what other implementations accept and refuse, and keys that stay what they are."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from kakuho.custody.checkpoints import Checkpoint, MalformedCheckpointError
from kakuho.custody.keys import KeyFormatError, SignerKey, VerifierKey
from kakuho.custody.notes import (
    InvalidSignatureError,
    MalformedNoteError,
    NoKnownSignatureError,
    Note,
    sign_note,
)

ERRORS = {
    "malformed note": MalformedNoteError,
    "note has no verifiable signatures": NoKnownSignatureError,
    "invalid signature for key PeterNeumann+c74f20a3": InvalidSignatureError,
}


def _message(case: dict[str, Any]) -> bytes:
    if "msg_repeat" in case:
        repeat = case["msg_repeat"]
        return str(repeat["head"] + repeat["line"] * repeat["times"]).encode()
    if isinstance(case["msg"], dict):
        return base64.b64decode(case["msg"]["base64_of_bytes"])
    return str(case["msg"]).encode()


def test_notes_are_accepted_and_refused_as_by_go(note_vectors: Path) -> None:
    vectors = json.loads((note_vectors / "note-vectors.json").read_text(encoding="utf-8"))
    keys = {name: VerifierKey.parse(text) for name, text in vectors["keys"].items()}
    assert [str(key) for key in keys.values()] == list(vectors["keys"].values())
    assert len(vectors["cases"]) == 12
    for case in vectors["cases"]:
        known = [keys[name] for name in case["known"]]
        if "error" in case:
            with pytest.raises(ERRORS[case["error"]]):
                Note.parse(_message(case)).verified_by(known)
        else:
            note = Note.parse(_message(case))
            assert [key.name for key in note.verified_by(known)] == case["verified"]
            assert str(note).encode() == _message(case)


def test_wrong_verifier_keys_are_refused(note_vectors: Path) -> None:
    wrong = json.loads((note_vectors / "note-vectors.json").read_text(encoding="utf-8"))["bad_verifier_keys"]
    assert len(wrong) == 2
    for text in wrong:
        with pytest.raises(KeyFormatError):
            VerifierKey.parse(text)


def test_checkpoints_are_read_and_refused_as_by_transparency_dev(note_vectors: Path) -> None:
    cases = json.loads((note_vectors / "checkpoint-vectors.json").read_text(encoding="utf-8"))
    assert len(cases) == 12
    for case in cases:
        if case["want_error"]:
            with pytest.raises(MalformedCheckpointError):
                Checkpoint.parse(case["text"])
        else:
            read = Checkpoint.parse(case["text"])
            assert (read.origin, read.size, read.rest) == (case["origin"], case["size"], case["rest"])
            assert read.text == case["text"]


def test_a_signed_note_is_read_back_with_empty_lines_in_its_text() -> None:
    signer = SignerKey.generate("quasimodo.example/salvatore")
    note = sign_note("Ognuno sta solo sul cuor della terra\n\ned è subito sera.\n", signer)
    read = Note.parse(str(note).encode())
    assert read == note
    assert read.verified_by([signer.verifier]) == [signer.verifier]
    assert read.text.endswith("sera.\n") and len(read.signatures[0].signature) == 64


@pytest.mark.parametrize("name", ["", "two words", "a+b", "全角\u3000空白", "tab\t", "line\n"])
def test_a_name_with_a_space_or_plus_is_no_key_name(name: str) -> None:
    with pytest.raises(KeyFormatError):
        SignerKey.generate(name)


def test_a_signer_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "custody.key"
    key = SignerKey.generate("csirt.example")
    key.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SignerKey.parse(path.read_text().strip()).verifier == key.verifier
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        SignerKey.generate("csirt.example").write(path)
    assert path.read_bytes() == before


def test_a_signature_has_one_spelling_in_base64() -> None:
    signer = SignerKey.generate("csirt.example")
    text = str(sign_note("text\n", signer))
    assert text.endswith("=\n")  # 68 bytes: the last digit before the padding has two bits that mean nothing
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = digits[digits.index(text[-3]) ^ 1]
    with pytest.raises(MalformedNoteError):
        Note.parse((text[:-3] + other + text[-2:]).encode())


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+", "csirt.example+00000000+AAAA", "PRIVATE+KEY+a+zz+AQ=="])
def test_what_is_no_signer_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeyFormatError) as caught:
        SignerKey.parse(text)
    assert not text or text not in str(caught.value)
