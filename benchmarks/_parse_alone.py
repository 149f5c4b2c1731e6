"""A file read in a format into Parquet, without a case: ``python -m benchmarks._parse_alone FORMAT FILE``; as JSON.

The other processes are started first, as ``evidence add`` starts them before it copies. Without FILE the format is only
loaded, which leaves its bytecode for the run that is measured.

``parser_seconds``: what the parser of the format's records takes by itself, in one process, where there is one (the
package ``evtx``; orjson for documents in JSON).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
from benchmarks._documents import DOCUMENTS
from evtx import PyEvtxParser

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import FORMATS, Declared, SourceFile
from kakuho.evidence.identification import head_of
from kakuho.evidence.parsing import PartPlace, parse
from kakuho.evidence.pool import start_ahead


def main() -> None:
    name, path = sys.argv[1], Path(sys.argv[2])
    start_ahead(path.stat().st_size)
    declared = Declared("Asia/Tokyo")
    recognised = FORMATS[name].recognise(head_of(PlainContent(path), path.name, declared))
    variant = recognised.variant if recognised else ""
    source = SourceFile(PlainContent(path), path.name, datetime(2025, 4, 22, tzinfo=UTC), variant, declared)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        started = time.perf_counter()
        counts = parse(name, source, PartPlace(Path(folder), 1))
        seconds = time.perf_counter() - started
    told = {"lines": counts.lines, "events": counts.events, "rejected": counts.rejected, "seconds": seconds}
    told["parser_seconds"] = parser_seconds(name, path)
    print(json.dumps(told))


def parser_seconds(name: str, path: Path) -> float | None:
    """The seconds of the parser alone over the file."""
    started = time.perf_counter()
    if name == "windows_evtx":
        for _ in PyEvtxParser(str(path), 1).records_json():
            pass
    elif name in DOCUMENTS and not name.startswith("modsecurity"):
        orjson.loads(path.read_bytes())
    else:
        return None
    return time.perf_counter() - started


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main()
    else:
        FORMATS[sys.argv[1]]
