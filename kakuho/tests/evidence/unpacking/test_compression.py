"""Compressed logs: read whole, read as far as they go, and read at any place."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.unpacking.compression import Decompression, compression_of
from kakuho.evidence.unpacking.seekable import FRAME, SeekableContent, write_seekable

LOG = b"".join(b"%06d 10.0.0.7 GET /mypage/policies/%d/\n" % (number, number * 7919) for number in range(60_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
}


def unpacked(packed: bytes) -> tuple[bytes, str | None]:
    compression = compression_of(packed[:512])
    assert compression is not None
    stream = Decompression(compression, io.BytesIO(packed))
    return b"".join(stream), stream.damage


@pytest.mark.parametrize("name", PACKERS)
def test_a_whole_stream_gives_what_was_packed(name: str) -> None:
    packed = PACKERS[name](LOG)
    compression = compression_of(packed)
    assert compression is not None and compression.name == name
    assert unpacked(packed) == (LOG, None)


@pytest.mark.parametrize("name", PACKERS)
def test_streams_one_after_the_other_and_padding_are_read_as_one(name: str) -> None:
    packed = PACKERS[name](LOG[:1000]) + PACKERS[name](LOG[1000:])
    assert unpacked(packed + b"\0" * 1024) == (LOG, None)


@pytest.mark.parametrize("name", PACKERS)
def test_a_stream_that_breaks_off_gives_what_came_before_and_says_so(name: str) -> None:
    packed = PACKERS[name](LOG)
    found, damage = unpacked(packed[: len(packed) * 2 // 3])
    assert damage == "compressed_stream_cut_off"
    assert LOG.startswith(found)
    if name in ("gzip", "xz"):
        assert len(found) > len(LOG) // 4


@pytest.mark.parametrize("name", ["gzip", "zstd", "xz", "bzip2"])
def test_a_damaged_stream_gives_what_came_before_and_says_so(name: str) -> None:
    packed = bytearray(PACKERS[name](LOG))
    for place in range(len(packed) // 2, len(packed) // 2 + 40):
        packed[place] ^= 0xA5
    found, damage = unpacked(bytes(packed))
    assert damage is not None
    assert len(found) <= len(LOG) + FRAME


@pytest.mark.parametrize(("program", "ending"), [("gzip", ".gz"), ("bzip2", ".bz2"), ("xz", ".xz")])
def test_what_the_programs_themselves_write_is_read(tmp_path: Path, program: str, ending: str) -> None:
    (tmp_path / "log").write_bytes(LOG)
    subprocess.run([program, "-k", tmp_path / "log"], check=True)
    assert unpacked((tmp_path / f"log{ending}").read_bytes()) == (LOG, None)


def test_a_text_that_begins_like_bzip2_is_no_bzip2() -> None:
    assert compression_of(b"BZh is how bzip2 begins") is None


@pytest.fixture(scope="module")
def seekable(tmp_path_factory: pytest.TempPathFactory) -> SeekableContent:
    path = tmp_path_factory.mktemp("seekable") / "00000.frames"
    size, sha256 = write_seekable(path, (LOG[place : place + 5000] for place in range(0, len(LOG), 5000)))
    assert (size, sha256) == (len(LOG), hashlib.sha256(LOG).hexdigest())
    assert size > 2 * FRAME, "several frames"
    return SeekableContent(path, size)


@settings(max_examples=100)
@given(st.integers(0, len(LOG) + 10), st.integers(0, 2 * FRAME))
def test_a_seekable_copy_is_read_at_any_place(seekable: SeekableContent, place: int, size: int) -> None:
    assert seekable.read(place, size) == LOG[place : place + size]


def test_a_seekable_copy_can_be_had_as_a_file(seekable: SeekableContent) -> None:
    with seekable.as_file() as path:
        assert path.read_bytes() == LOG
    assert not path.exists()
