"""Whatever is done to any file of a sealed case is found and named; work that goes on is not called tampering."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.case import Case
from kakuho.case.journal import leaf_data, leaf_hash
from kakuho.custody.contents import Contents
from kakuho.custody.keys import SignerKey
from kakuho.custody.sealed_checkpoints import check_kept_note
from kakuho.custody.sealing import seal
from kakuho.custody.verification import verify
from kakuho.errors import IntegrityError, KakuhoError


@pytest.fixture(scope="module")
def sealed(prepared: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey) -> Path:
    """The prepared case, checkpointed twice with work between."""
    directory = tmp_path_factory.mktemp("sealed") / "case"
    shutil.copytree(prepared, directory)
    case = Case.open(directory, by="tanaka")
    seal(case, signer)
    case.record("note", {"n": 1})
    seal(case, signer)
    return directory


def test_an_untouched_case_verifies_and_says_what_no_hash_covers_yet(case: Case) -> None:
    found = verify(case)
    assert found.unsealed == ["case.toml", "publication.toml"]
    assert (found.signed_entries, found.checkpoints, found.unrecorded, found.leftovers) == (0, [], [], [])
    assert (found.evidence_files, found.files) == (1, len(Contents(case.directory).paths))


def test_a_sealed_case_verifies_with_the_public_key_alone(sealed: Path, signer: SignerKey) -> None:
    found = verify(Case.open(sealed), verifiers=[signer.verifier])
    assert found.unsealed == []
    assert found.signed_entries == found.journal_entries
    assert [(one.number, one.trusted) for one in found.checkpoints] == [(1, True), (2, True)]


def test_a_key_that_signed_nothing_is_told(sealed: Path) -> None:
    with pytest.raises(IntegrityError) as caught:
        verify(Case.open(sealed), verifiers=[SignerKey.generate("csirt.example").verifier])
    assert "verifier key" in str(caught.value)


@given(st.data())
def test_any_flipped_byte_of_any_file_is_found_and_named(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    directory = _copy(sealed, tmp_path_factory)
    path = data.draw(st.sampled_from(Contents(directory).paths))
    place = directory / path
    content = bytearray(place.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    _write(place, bytes(content))
    assert path in _refused(directory)


@given(st.data())
def test_any_file_cut_short_or_longer_is_found_and_named(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    directory = _copy(sealed, tmp_path_factory)
    path = data.draw(st.sampled_from(Contents(directory).paths))
    content = (directory / path).read_bytes()
    cut = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.sampled_from([content[:cut], content + b"\n", content[:cut] + b" " + content[cut:]]))
    _write(directory / path, other)
    assert path in _refused(directory)


def test_every_single_file_is_covered_from_its_first_byte_to_its_last(sealed: Path, tmp_path: Path) -> None:
    directory = Path(shutil.copytree(sealed, tmp_path / "case"))
    paths = Contents(directory).paths
    assert len(paths) == 37
    for path in paths:
        content = (directory / path).read_bytes()
        for at in (0, len(content) // 2, len(content) - 1):
            _write(directory / path, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert path in _refused(directory)
        (directory / path).unlink()
        assert path in _refused(directory)
        _write(directory / path, content)
    verify(Case.open(directory))


@given(st.data())
def test_any_added_file_is_found_and_named(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    directory = _copy(sealed, tmp_path_factory)
    folders = sorted({Path(path).parent.as_posix() for path in Contents(directory).paths})
    path = Path(data.draw(st.sampled_from(folders)), data.draw(st.sampled_from(["memo.txt", "000", "001.tsr"])))
    (directory / path).write_text(data.draw(st.text(max_size=20)), encoding="utf-8", errors="replace")
    assert path.as_posix() in _refused(directory)


def test_lines_cut_from_the_end_of_the_journal_are_missed(sealed: Path, tmp_path: Path) -> None:
    directory = Path(shutil.copytree(sealed, tmp_path / "case"))
    lines = (directory / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (directory / "journal.jsonl").write_bytes(b"".join(lines[:-1]))
    with pytest.raises(IntegrityError) as caught:
        verify(Case.open(directory))
    assert caught.value.where == f"journal.jsonl:{len(lines)} (checkpoints/002.note)"


def test_a_journal_rewritten_throughout_does_not_agree_with_its_checkpoint(sealed: Path, tmp_path: Path) -> None:
    """Every hash of the chain is made anew, as someone who can write the whole folder would."""
    directory = Path(shutil.copytree(sealed, tmp_path / "case"))
    case = Case.open(directory)
    fields = [dict(entry.__dict__) for entry in case.journal.entries()]
    case.journal.path.unlink()
    previous = "0" * 64
    with case.journal.path.open("wb") as file:
        for one in fields:
            one |= {"who": "nobody", "prev": previous}
            previous = leaf_hash(leaf_data(one))
            file.write(leaf_data(one)[:-1].replace(b',"prev"', f',"hash":"{previous}","prev"'.encode()) + b"}\n")
    assert len(case.journal.entries()) == len(fields)
    assert "checkpoints/001.note" in _refused(directory)


def test_a_journal_put_back_with_its_checkpoints_is_told_by_a_checkpoint_kept_elsewhere(
    case: Case, signer: SignerKey
) -> None:
    seal(case, signer)
    before = Path(shutil.copytree(case.directory, case.directory.with_name("before")))
    case.record("indicator.confirmed", {"why": "…"})
    seal(case, signer)
    kept = (case.checkpoints / "002.note").read_bytes()
    assert check_kept_note(case.journal.entries(), kept, [signer.verifier], "kept") == len(case.journal.entries())
    put_back = Case.open(before)
    assert verify(put_back, verifiers=[signer.verifier]).checkpoints
    with pytest.raises(IntegrityError):
        check_kept_note(put_back.journal.entries(), kept, [signer.verifier], "kept")


def test_what_runs_again_after_a_checkpoint_is_not_tampering(case: Case, signer: SignerKey, work: ModuleType) -> None:
    work.publish(case, "old version", with_manifest=False)
    seal(case, signer)
    work.add_log(case, case.directory.with_name("more"), "more.log", 5)
    work.run_stage(case, "second")
    work.assess(case, 2)
    work.publish(case, "second")
    case.set_inventory(_file(case.directory.with_name("inventory.yaml"), "inventory: 1 # corrected\n"))
    found = verify(case, verifiers=[signer.verifier])
    assert found.signed_entries < found.journal_entries
    assert not (case.lake / "only-first.json").exists()
    assert seal(case, signer).changed == []


def test_what_people_write_is_named_when_it_changes_and_sealed_again_by_them(case: Case, signer: SignerKey) -> None:
    seal(case, signer)
    _file(case.directory / "case.toml", (case.directory / "case.toml").read_text().replace("【要記入】", "確報", 1))
    _file(case.directory / "memo.txt", "police: case accepted\n")
    with pytest.raises(IntegrityError) as caught:
        verify(case)
    assert caught.value.where == "case.toml, memo.txt"
    assert "kakuho custody checkpoint" in caught.value.remedy
    again = seal(case, signer)
    assert again.changed == ["case.toml", "memo.txt"]
    assert case.journal.entries("manifest.sealed")[-1].details["changed"] == ["case.toml", "memo.txt"]
    assert verify(case, verifiers=[signer.verifier]).unsealed == []


def test_nothing_is_sealed_over_a_damaged_file(case: Case, signer: SignerKey) -> None:
    seal(case, signer)
    _write(case.lake / "findings.json", b'["other"]\n')
    before = case.journal.path.read_bytes()
    with pytest.raises(IntegrityError) as caught:
        seal(case, signer)
    assert caught.value.where == "lake/findings.json (lake/stages/detection.json)"
    assert case.journal.path.read_bytes() == before


def test_a_strangers_file_in_a_folder_of_the_program_is_never_sealed(case: Case) -> None:
    _file(case.lake / "planted.parquet", "x")
    assert verify(case).unrecorded == ["lake/planted.parquet"]
    for _ in range(2):
        with pytest.raises(IntegrityError) as caught:
            seal(case)
        assert caught.value.where == "lake/planted.parquet"
        (case.lake / "planted.parquet").unlink()
        seal(case)
        _file(case.lake / "planted.parquet", "x")


def test_a_case_where_nothing_changed_is_not_sealed_twice(case: Case, signer: SignerKey) -> None:
    first = seal(case, signer)
    again = seal(case, signer)
    assert (first.fresh, again.fresh, again.manifest) == (True, False, first.manifest)
    assert [path.name for path in sorted(case.checkpoints.iterdir())] == ["001.manifest", "001.note"]


def test_a_note_lost_between_the_journal_and_the_disk_is_made_again_by_the_same_key(
    case: Case, signer: SignerKey
) -> None:
    seal(case, signer)
    note = case.checkpoints / "001.note"
    whole = note.read_bytes()
    note.unlink()
    with pytest.raises(IntegrityError) as caught:
        verify(case)
    assert "checkpoints/001.note" in caught.value.where and "--key" in caught.value.remedy
    assert not seal(case, signer).fresh
    assert note.read_bytes() == whole


def test_a_link_in_a_case_is_refused(case: Case, tmp_path: Path) -> None:
    shutil.copy(case.lake / "findings.json", tmp_path / "findings.json")
    (case.lake / "findings.json").unlink()
    (case.lake / "findings.json").symlink_to(tmp_path / "findings.json")
    with pytest.raises(IntegrityError) as caught:
        verify(case)
    assert caught.value.where == "lake/findings.json"


def test_what_an_interrupted_command_left_is_told_and_not_sealed(case: Case, signer: SignerKey) -> None:
    scratch = case.lake / ".writing" / "detection" / "files"
    scratch.mkdir(parents=True)
    _file(scratch / "half.parquet", "x")
    seal(case, signer)
    assert verify(case).leftovers == ["lake/.writing/detection/files/half.parquet"]
    assert "half.parquet" not in (case.checkpoints / "001.manifest").read_text()


def test_a_case_of_an_older_version_is_sealed_and_verified(case: Case, signer: SignerKey) -> None:
    """Its first line has no id, its stage records no seal, its publications no hash of their manifest."""
    lines = [entry.__dict__ for entry in case.journal.entries()]
    case.journal.path.unlink()
    for line in lines:
        left_out = {"case.created": "id", "publication.written": "manifest"}.get(line["act"])
        case.record(line["act"], {key: value for key, value in line["details"].items() if key != left_out})
    for record in (case.lake / "stages").iterdir():
        kept = [line for line in record.read_text().splitlines(keepends=True) if '"seal"' not in line]
        record.write_text("".join(kept))
    assert verify(case).unsealed == ["case.toml", "publication.toml", "publications/01/manifest.json"]
    seal(case, signer)
    assert verify(case, verifiers=[signer.verifier]).unsealed == []
    first = case.journal.entries()[0]
    assert (case.checkpoints / "001.note").read_text().startswith(f"kakuho.case/{first.hash[:32]}\n")


def _copy(sealed: Path, factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(sealed, factory.mktemp("copy") / "case"))


def _refused(directory: Path) -> str:
    """What the error says, and where; both languages and a remedy are there."""
    with pytest.raises(KakuhoError) as caught:
        verify(Case.open(directory))
    assert caught.value.what.ja and caught.value.remedy.ja  # type: ignore[attr-defined]
    return f"{caught.value.what} {caught.value.where}"


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(content)


def _file(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
