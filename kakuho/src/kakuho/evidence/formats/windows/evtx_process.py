"""The parser of EVTX records in its own process (:mod:`.evtx_child`), one for each process that reads blocks.

Where a record makes it die (it is stopped after some seconds of computing, or for want of memory), the chunk is read
again with an answer after each record, the record at fault is blanked, and reading goes on behind it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kakuho.evidence.formats.windows import evtx_child
from kakuho.evidence.formats.windows.evtx_child import RECORD, REQUEST
from kakuho.evidence.formats.windows.evtx_chunks import Survey, blanked, chunk_to_parse, file_of

MOST_FATAL_RECORDS = 3
"""So many records at fault in one chunk are passed; then the rest of the chunk is given up."""

PIPE_BUFFER = 1 << 17

_processes: dict[int, subprocess.Popen[bytes]] = {}


def texts_of(chunk: bytes, found: Survey, codec: str) -> list[bytes | None]:
    """The JSON of each record of a chunk, in order; None for each that cannot be read."""
    file = file_of(chunk_to_parse(chunk, found))
    entries = found.entries
    read, died = _ask(file, len(entries) + 1, codec, is_careful=False)
    fatal: set[int] = set()
    for _ in range(MOST_FATAL_RECORDS):
        if not died:
            break
        read, died = _ask(file, len(entries) + 1, codec, is_careful=True)
        if died:
            fatal.add(min(len(read), len(entries) - 1))
            file = blanked(file, entries[max(fatal)])
    if died:
        read += [None] * (len(entries) - len(read))
    if len(read) == len(entries):
        return [one[1] if one and index not in fatal else None for index, one in enumerate(read)]
    by_number = dict(one for one in read if one)
    return [by_number.get(entry.number) for entry in entries]


Answer = tuple[int, bytes] | None


def _ask(file: bytes, most: int, codec: str, is_careful: bool) -> tuple[list[Answer], bool]:
    """The answers to a request, and whether the process died over it."""
    answers = list(_answers(file, most, codec, is_careful))
    return answers, os.getpid() not in _processes


def _answers(file: bytes, most: int, codec: str, is_careful: bool) -> Iterator[Answer]:
    """The answers to a request; they end where the process dies."""
    process = _process()
    requests, answers = process.stdin, process.stdout
    assert requests is not None and answers is not None  # noqa: S101 - both are pipes; for the type checker
    try:
        requests.write(REQUEST.pack(codec.encode(), most, 0, is_careful, len(file)) + file)
        requests.flush()
    except BrokenPipeError:
        _end(process)
        return
    heads = list[tuple[int, int]]()
    while True:
        head = answers.read(RECORD.size)
        if len(head) < RECORD.size:
            _end(process)
            return
        number, size = RECORD.unpack(head)
        if number < 0:
            break
        if not is_careful:
            heads.append((number, size))
            continue
        text = _exactly(answers, size) if size >= 0 else None
        if size >= 0 and text is None:
            _end(process)
            return
        yield None if text is None else (number, text)
    texts = _exactly(answers, sum(size for _, size in heads if size >= 0)) if heads else b""
    if texts is None:
        _end(process)
        return
    begin = 0
    for number, size in heads:
        yield None if size < 0 else (number, texts[begin : begin + size])
        begin += max(size, 0)


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


def _process() -> subprocess.Popen[bytes]:
    process = _processes.get(os.getpid())
    if process is None:
        program = str(Path(evtx_child.__file__))
        process = subprocess.Popen(
            [sys.executable, "-I", program],
            bufsize=PIPE_BUFFER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _processes[os.getpid()] = process
    return process


@atexit.register
def _end_all() -> None:
    process = _processes.get(os.getpid())
    if process is not None:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    _processes.pop(os.getpid(), None)
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()
    process.wait()
