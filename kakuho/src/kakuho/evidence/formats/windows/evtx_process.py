"""The parser of EVTX records in its own process (:mod:`.evtx_child`), one for each process that reads blocks.

Where a record makes it die (it is stopped after some seconds of computing, or for want of memory), the chunk is read
again with an answer after each record, the record at fault is blanked, and reading goes on behind it.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from kakuho.evidence.formats.windows import evtx_child
from kakuho.evidence.formats.windows.evtx_child import RECORD, REQUEST
from kakuho.evidence.formats.windows.evtx_chunks import Survey, blanked, chunk_to_parse, file_of

MOST_FATAL_RECORDS = 3
"""So many records at fault in one chunk are passed; then the rest of the chunk is given up."""

PIPE_BUFFER = 1 << 17
PIPE_HOLDS = 1 << 19
"""Bytes of a request or an answer that wait without the other side; as much as the system allows."""

_processes: dict[int, subprocess.Popen[bytes]] = {}


def texts_of_sound(chunk: bytes, count: int, codec: str) -> tuple[list[bytes | None] | None, bool]:
    """The JSON of each of the ``count`` records of a sound chunk; None where it has to be read with more care.

    And whether the process died over it.
    """
    read = _all_at_once(file_of(chunk), count + 1, codec)
    if read is None or len(read) != count:
        return None, read is None
    return [one and one[1] for one in read], False


def texts_of(chunk: bytes, found: Survey, codec: str, *, is_fatal: bool = False) -> list[bytes | None]:
    """The JSON of each record of a chunk, in order; None for each that cannot be read.

    ``is_fatal``: it is known that the process dies over the chunk as a whole.
    """
    file = file_of(chunk_to_parse(chunk, found))
    entries = found.entries
    fatal: set[int] = set()
    answers = None if is_fatal else _all_at_once(file, len(entries) + 1, codec)
    read, died = answers or [], answers is None
    for _ in range(MOST_FATAL_RECORDS):
        if not died:
            break
        read, died = _one_by_one(file, len(entries) + 1, codec)
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


def _all_at_once(file: bytes, most: int, codec: str) -> list[Answer] | None:
    """The answers to a request; None where the process died over it."""
    answers = _asked(file, most, codec, is_careful=False)
    head = None if answers is None else _exactly(answers, RECORD.size)
    if answers is None or head is None:
        _end_process()
        return None
    heads = _exactly(answers, RECORD.unpack(head)[0] * RECORD.size)
    told = list(RECORD.iter_unpack(heads or b""))
    texts = None if heads is None else _exactly(answers, sum(size for _, size in told if size > 0))
    if texts is None:
        _end_process()
        return None
    found: list[Answer] = []
    begin = 0
    for number, size in told:
        found.append(None if size < 0 else (number, texts[begin : begin + size]))
        begin += max(size, 0)
    return found


def _one_by_one(file: bytes, most: int, codec: str) -> tuple[list[Answer], bool]:
    """The answers to a request up to where the process dies, and whether it did."""
    answers = _asked(file, most, codec, is_careful=True)
    found: list[Answer] = []
    while answers is not None and (head := _exactly(answers, RECORD.size)) is not None:
        number, size = RECORD.unpack(head)
        if number < 0:
            return found, False
        text = _exactly(answers, size) if size >= 0 else None
        if size >= 0 and text is None:
            break
        found.append(None if text is None else (number, text))
    _end_process()
    return found, True


def _asked(file: bytes, most: int, codec: str, *, is_careful: bool) -> IO[bytes] | None:
    """Where the answers to a request will come; None where the process is dead."""
    process = _process()
    assert process.stdin is not None  # noqa: S101 - it is a pipe; for the type checker
    try:
        process.stdin.write(REQUEST.pack(codec.encode(), most, 0, is_careful, len(file)) + file)
        process.stdin.flush()
    except BrokenPipeError:
        return None
    return process.stdout


def _end_process() -> None:
    """End what is left of the process."""
    process = _processes.get(os.getpid())
    if process is not None:
        _end(process)


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
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_HOLDS)  # type: ignore[arg-type]  # both are pipes
        _processes[os.getpid()] = process
    return process


atexit.register(_end_process)


def _end(process: subprocess.Popen[bytes]) -> None:
    _processes.pop(os.getpid(), None)
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()
    process.wait()
