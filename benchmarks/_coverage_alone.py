"""What the sources in a folder cover, by itself: ``python -m benchmarks._coverage_alone FOLDER``; as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import duckdb

from kakuho.engine.settings import engine_settings
from kakuho.evidence.coverage import CoveredSource, coverage_of
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.tables import MEMORY


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / ".spill").mkdir()
    sources = [_source(path) for path in sorted(folder.glob("*/source.json"))]
    with duckdb.connect(config={**engine_settings(folder), "memory_limit": MEMORY}) as connection:
        covered = coverage_of(connection, sources)
    gaps = dict(sorted(Counter(covered.gaps["reason"].to_pylist()).items()))
    print(json.dumps({"intervals": len(covered.coverage), "gaps": gaps}))


def _source(path: Path) -> CoveredSource:
    told = json.loads(path.read_text(encoding="utf-8"))
    log, name = told["format"], f"{told['format']}.{told['file']}"
    return CoveredSource(told["source_id"], name, log, FORMATS[log].role, log, {}, path.parent)


if __name__ == "__main__":
    main()
