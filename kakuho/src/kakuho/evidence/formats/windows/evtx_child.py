"""The program that reads records with the package ``evtx``, in a process of its own: started by :mod:`.evtx_process`.

A record that was made to harm can keep the parser busy for ever or make it take all memory; here that ends this process
and nothing else. Each request (little-endian): codec (16 bytes), most records to read, whether to answer after each
record, size, then a file of one chunk. The answer: for each record its number, its size (-1 where it cannot be read)
and its JSON; at last a number of -1. It imports nothing of kakuho, so that it starts quickly.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import time
from typing import BinaryIO

REQUEST = struct.Struct("<16sII?3xI")
RECORD = struct.Struct("<qi")
CPU_SECONDS_OF_A_CHUNK = 1
"""A sound chunk takes a few thousandths of one."""
MOST_MEMORY = 2 << 30
_END = RECORD.pack(-1, 0)


def main() -> None:
    """Answer requests until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        codec, most, _, is_careful, size = REQUEST.unpack(head)
        limit = int(time.process_time()) + 1 + CPU_SECONDS_OF_A_CHUNK
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        _answer(requests.read(size), codec.rstrip(b"\x00").decode(), most, is_careful, answers)
        answers.write(_END)
        answers.flush()


def _answer(file: bytes, codec: str, most: int, is_careful: bool, answers: BinaryIO) -> None:
    from evtx import PyEvtxParser  # noqa: PLC0415 - so that the module is importable for its constants alone

    records = PyEvtxParser(io.BytesIO(file), 1, codec, False, False, False).records_json()
    for _ in range(most):
        try:
            record = next(records)
        except StopIteration:
            return
        except RuntimeError:
            answers.write(RECORD.pack(0, -1))
        else:
            if record is None:
                return
            text = record["data"].encode()
            answers.write(RECORD.pack(record["event_record_id"] & (1 << 62) - 1, len(text)))
            answers.write(text)
        if is_careful:
            answers.flush()


if __name__ == "__main__":
    main()
