"""The program that reads records with the package ``evtx``, in a process of its own: started by :mod:`.evtx_process`.

A record that was made to harm can keep the parser busy for ever or make it take all memory; here that ends this process
and nothing else. Each request (little-endian): codec (16 bytes), most records to read, whether to answer after each
record, size, then a file of one chunk. The answer, where it answers after each record: of each its number and its size
(-1 where it cannot be read), then its JSON; at last a number of -1. Else, which is quicker: how many records there are
(as a number; the size is 0), their numbers and sizes, and then the JSON of all. It imports nothing of kakuho, so that
it starts quickly.
"""

from __future__ import annotations

import io
import resource
import signal
import struct
import sys
from collections.abc import Iterator

REQUEST = struct.Struct("<16sII?3xI")
RECORD = struct.Struct("<qi")
CPU_SECONDS_OF_A_CHUNK = 0.5
"""A sound chunk takes a few thousandths of one. Seconds of computing, which do not pass while others compute."""
MOST_MEMORY = 2 << 30
_END = RECORD.pack(-1, 0)


def main() -> None:
    """Answer requests until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        codec, most, _, is_careful, size = REQUEST.unpack(head)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_OF_A_CHUNK)
        records = _records(requests.read(size), codec.rstrip(b"\x00").decode(), most)
        if is_careful:
            for head, text in records:
                answers.write(head + text)
                answers.flush()
            answers.write(_END)
        else:
            read = list(records)
            count = RECORD.pack(len(read), 0)
            answers.write(b"".join([count, *(head for head, _ in read), *(text for _, text in read)]))
        answers.flush()


def _records(file: bytes, codec: str, most: int) -> Iterator[tuple[bytes, bytes]]:
    from evtx import PyEvtxParser  # noqa: PLC0415 - so that the module is importable for its constants alone

    records = PyEvtxParser(io.BytesIO(file), 1, codec, False, False, False).records_json()
    for _ in range(most):
        try:
            record = next(records)
        except StopIteration:
            return
        except RuntimeError:
            yield RECORD.pack(0, -1), b""
        else:
            if record is None:
                return
            text = record["data"].encode()
            yield RECORD.pack(record["event_record_id"] & (1 << 62) - 1, len(text)), text


if __name__ == "__main__":
    main()
