"""A case handed over: the same bytes from the same seal, whole on the other machine, nothing of a bad one taken in."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.case import Case, Journal
from kakuho.custody.archive import COMMENT, DIGEST_BYTES, digest_of_archive, export_case, write_archive
from kakuho.custody.importing import import_case
from kakuho.custody.keys import SignerKey
from kakuho.custody.sealing import seal
from kakuho.custody.verification import verify
from kakuho.errors import IntegrityError, KakuhoError, UsageError

Entries = list[tuple[zipfile.ZipInfo, bytes]]


@pytest.fixture(scope="module")
def exported(prepared: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey) -> Path:
    """The prepared case as one signed file."""
    folder = tmp_path_factory.mktemp("exported")
    shutil.copytree(prepared, folder / "case")
    return export_case(Case.open(folder / "case", by="tanaka"), folder / "case.zip", signer).path


def test_a_case_is_whole_on_another_machine_with_the_public_key_alone(
    exported: Path, tmp_path: Path, signer: SignerKey
) -> None:
    done = import_case(exported, tmp_path / "received", [signer.verifier], by="police")
    assert done.authenticated and done.verification.signed_entries == done.verification.journal_entries
    received = Case.open(tmp_path / "received")
    entry = received.journal.entries()[-1]
    assert (entry.act, entry.who, entry.details["file"]) == ("case.imported", "police", "case.zip")
    assert verify(received, verifiers=[signer.verifier]).evidence_files == 1
    (evidence,) = received.evidence.iterdir()
    assert stat.S_IMODE(evidence.stat().st_mode) == 0o444
    original = exported.parent / "case"
    for path in ("case.toml", "inventory.yaml", "journal.torn", "publications/01/notice.ja.md", "lake/findings.json"):
        assert (received.directory / path).read_bytes() == (original / path).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["received"]


def test_the_export_is_journalled_with_the_hash_of_the_file(case: Case, tmp_path: Path, signer: SignerKey) -> None:
    done = export_case(case, tmp_path, signer)
    assert done.path.name == f"kakuho-{case.journal.entries()[0].details['id'][:8]}-001.zip"
    entry = case.journal.entries()[-1]
    expected = {"file": done.path.name, "sha256": done.sha256, "size": done.size, "manifest": 1, "signed": True}
    assert (entry.act, entry.details) == ("case.exported", expected)


def test_the_same_seal_gives_the_same_bytes(case: Case, tmp_path: Path, signer: SignerKey) -> None:
    sealed = seal(case, signer).manifest
    write_archive(case, sealed, tmp_path / "one.zip")
    for path in case.directory.rglob("*"):
        path.touch()
    case.record("note")
    write_archive(case, sealed, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
    assert names[:3] == ["journal.jsonl", "checkpoints/001.manifest", "checkpoints/001.note"]
    assert names[3:] == sorted(names[3:])


@pytest.mark.parametrize("target", ["case/inside.zip", "there.zip", "case.tar", "nowhere/case.zip"])
def test_a_target_that_cannot_be_is_refused_and_nothing_is_recorded(case: Case, tmp_path: Path, target: str) -> None:
    (tmp_path / "there.zip").write_text("mine")
    before = case.journal.path.read_bytes()
    with pytest.raises(UsageError):
        export_case(case, tmp_path / target)
    assert case.journal.path.read_bytes() == before
    assert (tmp_path / "there.zip").read_text() == "mine"


def test_a_damaged_case_is_not_exported(case: Case, tmp_path: Path, signer: SignerKey) -> None:
    (case.lake / "findings.json").write_text("changed")
    with pytest.raises(IntegrityError):
        export_case(case, tmp_path / "case.zip", signer)
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


@given(st.data())
def test_any_flipped_byte_of_the_file_is_found(
    exported: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey, data: st.DataObject
) -> None:
    content = bytearray(exported.read_bytes())
    at = data.draw(st.one_of(st.integers(0, len(content) - 1), st.integers(len(content) - 200, len(content) - 1)))
    content[at] ^= data.draw(st.integers(1, 255))
    _refused(bytes(content), tmp_path_factory, signer)


@given(st.data())
def test_a_file_cut_short_or_made_longer_is_found(
    exported: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey, data: st.DataObject
) -> None:
    content = exported.read_bytes()
    cut = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.sampled_from([content[:cut], content + b"\0", b"\0" + content, content[:cut] + b"\0"]))
    _refused(other, tmp_path_factory, signer)


def _named(name: str, content: bytes = b"x", mode: int = 0o100644) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, content


def _renamed(entries: Entries, old: str, new: str) -> Entries:
    return [(_named(new)[0], content) if info.filename == old else (info, content) for info, content in entries]


def _changed(entries: Entries, name: str, change: Callable[[bytes], bytes]) -> Entries:
    return [(info, change(content) if info.filename == name else content) for info, content in entries]


OUT = "leads out of the folder"
ATTACKS: dict[str, tuple[str, Callable[[Entries], Entries]]] = {
    "a name with ..": (OUT, lambda found: [*found, _named("../outside")]),
    "a name with .. within": (OUT, lambda found: [*found, _named("lake/../../outside")]),
    "an absolute name": (OUT, lambda found: [*found, _named("/tmp/outside")]),
    "a name with a backslash": (OUT, lambda found: [*found, _named("..\\outside")]),
    "a doubled slash": (OUT, lambda found: [*found, _named("lake//a")]),
    "a folder": (OUT, lambda found: [*found, _named("lake/folder/", b"", 0o040755)]),
    "a link": ("no regular file", lambda found: [*found, _named("lake/link", b"/etc/passwd", 0o120777)]),
    "a named pipe": ("no regular file", lambda found: [*found, _named("lake/pipe", b"", 0o010644)]),
    "a name in two cases": ("same name", lambda found: [*found, _named("CASE.toml")]),
    "one file more": ("what its manifest names", lambda found: [*found, _named("lake/more.json")]),
    "one file less": (
        "what its manifest names",
        lambda found: [one for one in found if one[0].filename != "lake/findings.json"],
    ),
    "another name": ("what its manifest names", lambda found: _renamed(found, "lake/findings.json", "lake/other.json")),
    "no journal": ("no journal", lambda found: [one for one in found if one[0].filename != "journal.jsonl"]),
    "a changed file": (
        "not what its record says",
        lambda found: _changed(found, "lake/findings.json", lambda content: content.replace(b"first", b"FIRST")),
    ),
    "a larger file": (
        "not as large as sealed",
        lambda found: _changed(found, "lake/findings.json", lambda c: c * 1000),
    ),
    "a bomb for a journal": (
        "unpack to too much",
        lambda found: _changed(found, "journal.jsonl", lambda _: b"0" * 300_000_000),
    ),
    "a line more in the journal": (
        "not what was written",
        lambda found: _changed(found, "journal.jsonl", lambda c: c + c.splitlines(keepends=True)[-1]),
    ),
    "a line less in the journal": (
        "lacks its lines",
        lambda found: _changed(found, "journal.jsonl", lambda c: b"".join(c.splitlines(keepends=True)[:-1])),
    ),
    "half a line less in the journal": ("torn", lambda found: _changed(found, "journal.jsonl", lambda c: c[:-9])),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_archive_that_someone_made_is_refused(
    exported: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey, attack: str
) -> None:
    """Its digest is right: whoever makes an archive can make that too."""
    folder = tmp_path_factory.mktemp("made")
    with zipfile.ZipFile(exported) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    reason, change = ATTACKS[attack]
    _write(folder / "made.zip", change(entries))
    assert reason in _refused((folder / "made.zip").read_bytes(), tmp_path_factory, signer)
    assert not (folder.parent / "outside").exists()


def test_the_attacks_differ_from_the_real_thing_in_what_they_say_alone(
    exported: Path, tmp_path: Path, signer: SignerKey
) -> None:
    with zipfile.ZipFile(exported) as archive:
        _write(tmp_path / "made.zip", [(info, archive.read(info)) for info in archive.infolist()])
    assert import_case(tmp_path / "made.zip", tmp_path / "received", [signer.verifier]).authenticated


def test_two_entries_of_one_name_are_refused(
    exported: Path, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey
) -> None:
    folder = tmp_path_factory.mktemp("made")
    with zipfile.ZipFile(exported) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    with pytest.warns(UserWarning, match="Duplicate name"):
        _write(folder / "made.zip", [*entries, _named("case.toml")])
    _refused((folder / "made.zip").read_bytes(), tmp_path_factory, signer)


def test_what_another_signed_or_nobody_is_refused_with_a_verifier(
    case: Case, tmp_path: Path, signer: SignerKey
) -> None:
    other = SignerKey.generate("csirt.example")
    unsigned = export_case(case, tmp_path / "unsigned.zip").path
    by_other = export_case(case, tmp_path / "other.zip", other).path
    seal(case, signer)
    case.record("note")
    stale = export_case(case, tmp_path / "stale.zip").path
    for path in (unsigned, by_other, stale):
        with pytest.raises(IntegrityError) as caught:
            import_case(path, tmp_path / "received", [signer.verifier])
        assert "verifier key" in str(caught.value)
        assert not (tmp_path / "received").exists()
        done = import_case(path, tmp_path / "unchecked")
        assert not done.authenticated
        shutil.rmtree(tmp_path / "unchecked")


@pytest.mark.parametrize(
    ("act", "details"),
    [
        ("manifest.sealed", {}),
        ("manifest.sealed", {"sha256": "", "files": "many", "bytes": 0, "key": None}),
        ("manifest.sealed", {"sha256": "", "files": 0, "bytes": 0, "key": 7}),
        ("evidence.sealed", {"sha256": "../../../../../../etc/hostname"}),
        ("timestamp.requested", {"file": "/dev/zero", "sha256": "", "nonce": "0", "checkpoint": 1}),
        ("timestamp.added", {"checkpoint": "one"}),
        (
            "timestamp.added",
            {
                "checkpoint": 9,
                "response": "case.toml",
                "sha256": "",
                "certificates": "case.toml",
                "certificates_sha256": "",
            },
        ),
        ("publication.written", {"directory": "../..", "files": {"case.toml": ""}}),
        ("assessment.made", {"assessment": "x"}),
        ("journal.torn_line_set_aside", {"file": "/etc/hostname", "bytes": -1, "sha256": ""}),
    ],
)
def test_an_act_that_makes_no_sense_is_refused_in_words(
    case: Case, tmp_path_factory: pytest.TempPathFactory, signer: SignerKey, act: str, details: dict[str, object]
) -> None:
    """The journal is chained and sealed as it should be, by someone who writes what they like."""
    path = export_case(case, tmp_path_factory.mktemp("made") / "case.zip").path
    with zipfile.ZipFile(path) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    journal = Journal(path.with_name("journal.jsonl"), who="stranger")
    journal.path.write_bytes(entries[0][1])
    last = journal.entries()[-1]
    journal.append(act, details)
    if act != "manifest.sealed":
        journal.append(last.act, last.details)
        (manifest,) = [content for info, content in entries if info.filename == "checkpoints/001.manifest"]
        entries.append(_named("checkpoints/002.manifest", manifest))
    _write(path, [(entries[0][0], journal.path.read_bytes()), *entries[1:]])
    journal.path.unlink()
    with pytest.raises(KakuhoError) as caught:
        import_case(path, path.with_name("received"))
    assert caught.value.where and caught.value.remedy
    assert [one.name for one in path.parent.iterdir()] == ["case.zip"]


def test_a_folder_with_anything_in_it_is_not_imported_into(exported: Path, tmp_path: Path, signer: SignerKey) -> None:
    (tmp_path / "memo.txt").write_text("x")
    with pytest.raises(UsageError):
        import_case(exported, tmp_path, [signer.verifier])
    assert [path.name for path in tmp_path.iterdir()] == ["memo.txt"]


def test_an_empty_folder_takes_the_case(exported: Path, tmp_path: Path, signer: SignerKey) -> None:
    (tmp_path / "received").mkdir()
    assert import_case(exported, tmp_path / "received", [signer.verifier]).directory == tmp_path / "received"


def test_a_received_case_goes_on_and_is_handed_over_again(exported: Path, tmp_path: Path, signer: SignerKey) -> None:
    import_case(exported, tmp_path / "second", [signer.verifier])
    second = SignerKey.generate("forensics.example")
    again = export_case(Case.open(tmp_path / "second"), tmp_path / "again.zip", second).path
    done = import_case(again, tmp_path / "third", [second.verifier])
    assert [one.number for one in done.verification.checkpoints] == [1, 2]


def _refused(content: bytes, factory: pytest.TempPathFactory, signer: SignerKey) -> str:
    """Refused in words, and nothing is left behind."""
    folder = factory.mktemp("refused")
    (folder / "case.zip").write_bytes(content)
    with pytest.raises(KakuhoError) as caught:
        import_case(folder / "case.zip", folder / "received", [signer.verifier])
    assert caught.value.where and caught.value.remedy
    assert [path.name for path in folder.iterdir()] == ["case.zip"]
    return str(caught.value)


def _write(path: Path, entries: Entries) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in entries:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
        archive.comment = COMMENT + b"0" * DIGEST_BYTES
    with path.open("r+b") as file:
        digest = digest_of_archive(file.fileno(), path.stat().st_size)
        file.seek(-DIGEST_BYTES, 2)
        file.write(digest.hexdigest().encode())
