"""Archives as a responder is handed them: logs inside are sources of their own; nothing in them can do harm."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from kakuho.case import Case
from kakuho.case.verify import verify
from kakuho.evidence import add_evidence, bring_up_to_date, read_line, sealed_sources
from kakuho.evidence.unpacking import unpack
from kakuho.evidence.unpacking.limits import FREE_BYTES

from ..reading import lake_rows

LINE = b'10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET /%d HTTP/1.1" 200 512 "-" "UA" 1234\n'
LOG = b"".join(LINE % number for number in range(500))


def tar_of(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def zip_of(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def add(case: Case, folder: Path, name: str, content: bytes) -> list[str]:
    """What of ``content`` was left out."""
    (folder / name).write_bytes(content)
    return [reason for _, reason in add_evidence(case, [folder / name]).left_out]


def test_a_gzip_in_a_tar_in_an_xz_in_a_zip_is_a_source(case: Case, tmp_path: Path) -> None:
    inner = tar_of({"var/log/nginx/access.log.2.gz": gzip.compress(LOG), "var/log/notes.txt": b"memo\n"})
    add(case, tmp_path, "disk.zip", zip_of({"host1.tar.xz": lzma.compress(inner)}))
    found = {source.name: source for source in sealed_sources(case)}
    log = found["disk.zip/host1.tar/var/log/nginx/access.log.2"]
    assert (log.format, log.layers) == ("access_log", ("zip", "xz", "tar", "gzip"))
    assert found["disk.zip/host1.tar/var/log/notes.txt"].format == "unknown"
    assert lake_rows(case, "http_activity", "count(*), count(distinct url_path)") == [(500, 500)]
    assert [path.name for path in case.evidence.iterdir()] == [log.sealed], "the original is sealed as it came"


def test_a_line_of_a_packed_log_is_read_at_its_place(case: Case, tmp_path: Path) -> None:
    add(case, tmp_path, "access.log.gz", gzip.compress(LOG))
    (source,) = sealed_sources(case)
    ((offset,),) = lake_rows(case, "http_activity", "byte_offset", "WHERE line = 400")
    assert read_line(case, source.source_id, offset) == (LINE % 399).rstrip()


def test_the_same_log_packed_and_plain_is_one_source(case: Case, tmp_path: Path) -> None:
    add(case, tmp_path, "access.log.gz", gzip.compress(LOG))
    add(case, tmp_path, "access.log", LOG)
    add(case, tmp_path, "logs.tar", tar_of({"a/access.log": LOG}))
    assert len(sealed_sources(case)) == 1
    assert lake_rows(case, "http_activity", "count(*)") == [(500,)]
    assert verify(case, lambda done, total: None).evidence_files == 3


def test_what_was_unpacked_is_made_again_from_the_sealed_file(case: Case, tmp_path: Path) -> None:
    add(case, tmp_path, "logs.tar.gz", gzip.compress(tar_of({"a.log": LOG, "b.log": LOG[:2000]})))
    before = {path: path.read_bytes() for path in case.lake.rglob("*") if path.is_file()}
    for path in before:
        path.unlink()
    bring_up_to_date(case)
    assert {path: path.read_bytes() for path in case.lake.rglob("*") if path.is_file()} == before


def test_a_log_whose_gzip_breaks_off_is_read_up_to_there_and_the_journal_says_so(case: Case, tmp_path: Path) -> None:
    packed = gzip.compress(LOG)
    add(case, tmp_path, "access.log.gz", packed[: len(packed) - 500])
    (source,) = sealed_sources(case)
    assert source.damage == "compressed_stream_cut_off"
    ((events,),) = lake_rows(case, "http_activity", "count(*)")
    assert 100 < events < 500


@pytest.mark.parametrize("name", ["../../outside.log", "/etc/outside.log", "a/../../outside.log"])
@pytest.mark.parametrize("make", [tar_of, zip_of])
def test_a_name_that_leaves_the_folder_leads_nowhere(case: Case, tmp_path: Path, name: str, make: object) -> None:
    before = set(tmp_path.parent.rglob("*outside.log"))
    add(case, tmp_path, "logs", make({name: LOG}))  # type: ignore[operator]
    (source,) = sealed_sources(case)
    assert source.format == "access_log"
    assert set(tmp_path.parent.rglob("*outside.log")) == before
    assert not Path("/etc/outside.log").exists()


def test_links_and_devices_in_a_tar_are_left_out_and_named(case: Case, tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"odd{kind!r}")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    assert add(case, tmp_path, "odd.tar", file.getvalue()) == ["link_or_device"] * 4
    assert sealed_sources(case) == []


def test_a_link_in_a_zip_is_left_out_and_named(case: Case, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert add(case, tmp_path, "odd.zip", file.getvalue()) == ["link_or_device"]


def test_an_encrypted_entry_is_left_out_and_named(case: Case, tmp_path: Path) -> None:
    packed = bytearray(zip_of({"a.log": LOG}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    assert add(case, tmp_path, "secret.zip", bytes(packed)) == ["encrypted"]


def test_names_of_a_japanese_windows_are_read(case: Case, tmp_path: Path) -> None:
    packed = zip_of({"AAAA.log": LOG}).replace(b"AAAA.log", "証拠.log".encode("cp932").ljust(8, b"_")[:8])
    add(case, tmp_path, "logs.zip", packed)
    assert sealed_sources(case)[0].name == "logs.zip/証拠.log"


@pytest.mark.parametrize("size", [600, 5_000, 11_000])
def test_a_tar_that_breaks_off_gives_what_came_before(case: Case, tmp_path: Path, size: int) -> None:
    left_out = add(case, tmp_path, "cut.tar", tar_of({"a.log": LOG[:4250], "b.log": LOG})[:size])
    damaged = [source.name for source in sealed_sources(case) if source.damage == "archive_damaged"]
    assert left_out == ["archive_damaged"] or damaged


def test_a_bomb_is_stopped_and_told(tmp_path: Path) -> None:
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros", "w", force_zip64=True) as entry:
            for _ in range(FREE_BYTES // (8 << 20) + 2):
                entry.write(bytes(8 << 20))
        archive.writestr("after", b"x")
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zip_of({"inner.zip": zeros.getvalue()}))
    (tmp_path / "out").mkdir()
    found = unpack(bomb, "bomb.zip", tmp_path / "out")
    assert [member.damage for member in found.members] == ["expands_beyond_limit"]
    assert ("bomb.zip/inner.zip/after", "expands_beyond_limit") in found.left_out
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) < 1 << 20


def test_archives_in_archives_end_somewhere(case: Case, tmp_path: Path) -> None:
    packed = LOG
    for _ in range(9):
        packed = gzip.compress(packed)
    assert add(case, tmp_path, "deep.gz", packed) == ["packed_too_deep"]
