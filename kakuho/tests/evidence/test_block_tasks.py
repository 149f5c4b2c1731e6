"""A block that another process reads from the file is the block that was cut from it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from kakuho.errors import KakuhoError
from kakuho.evidence.block_tasks import BlockElsewhere, BlockOnItsWay
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.unpacking.seekable import SeekableContent, write_seekable

LINES = b"".join(b"line %d\n" % number for number in range(1000)) + b"cut off"


def _there(block: LineBlock) -> BlockOnItsWay | BlockElsewhere:
    arrived = pickle.loads(pickle.dumps(BlockOnItsWay(block), protocol=5))
    assert isinstance(arrived, BlockOnItsWay | BlockElsewhere)
    return arrived


def _told(block: LineBlock) -> tuple[bytes, int, int, object]:
    return block.data, block.byte_offset, block.first_line, block.context


def test_a_block_of_a_plain_file_goes_without_its_bytes_and_arrives_with_them(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(LINES)
    for block in line_blocks(PlainContent(path), 1000):
        sent = replace(block, context="state")
        assert isinstance(_there(sent), BlockElsewhere)
        assert _told(_there(sent).taken()) == _told(sent)


def test_a_block_of_an_unpacked_file_goes_with_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "copy.frames"
    size, _ = write_seekable(path, [LINES])
    blocks = list(line_blocks(SeekableContent(path, size), 1000))
    sent = [_there(block) for block in blocks]
    path.unlink()
    assert all(isinstance(one, BlockOnItsWay) for one in sent)
    assert [_told(one.taken()) for one in sent] == [_told(block) for block in blocks]


def test_a_file_that_became_shorter_meanwhile_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(LINES)
    sent = _there(next(line_blocks(PlainContent(path))))
    path.write_bytes(LINES[:10])
    with pytest.raises(KakuhoError) as caught:
        sent.taken()
    assert "became shorter" in str(caught.value)
