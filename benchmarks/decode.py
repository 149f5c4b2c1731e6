"""Lines a second of ``kakuho injection decode`` on generated access logs, and whether every value came out right.

``python -m benchmarks.decode [lines …]`` (default: 300000, 1000000 and 5000000). Two attackers: a bisection of each
character (``>``), as most tools ask, and set membership (``IN (…)``), as sqlmap asks by default. A tenth of the lines
are other users'.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks._measuring import run

QUERY = "1 AND ORD(MID((SELECT IFNULL(CAST(mail AS NCHAR),0x20) FROM shop.customers ORDER BY id LIMIT "
BEFORE = quote(QUERY)
PLACE, END = quote(",1),"), quote(",1))")
Question = tuple[str, bool]


def secret(row: int) -> str:
    """The value of a row."""
    return f"user{row}.name_{row * 7919 % 10007}@example.com"


def bisection(code: int) -> Iterator[Question]:
    """Is it greater than the middle?"""
    low, high = 0, 127
    while low < high:
        middle = (low + high) // 2
        yield f"%3E{middle}", code > middle
        low, high = (middle + 1, high) if code > middle else (low, middle)


def membership(code: int) -> Iterator[Question]:
    """Is it one of this half of what is left?"""
    left = list(range(128))
    while len(left) > 1:
        half = left[: len(left) // 2]
        yield "%20IN%20%28" + "%2C".join(map(str, half)) + "%29", code in half
        left = half if code in half else left[len(left) // 2 :]


def write(path: Path, lines: int, ask: Callable[[int], Iterator[Question]]) -> int:
    """A log of so many lines of the attacker's; returns how many values it holds whole."""
    written, row, whole = 0, 0, 0
    with path.open("w") as log:
        while written < lines:
            text = secret(row)
            for place in range(1, len(text) + 2):
                for question, holds in ask(ord(text[place - 1]) if place <= len(text) else 0):
                    stamp = f"19/Mar/2026:{written // 3600 % 24:02d}:{written // 60 % 60:02d}:{written % 60:02d} +0900"
                    target = f"/item?id={BEFORE}{row}{PLACE}{place}{END}{question}"
                    size = 512 if holds else 480
                    log.write(f'10.0.0.5 - - [{stamp}] "GET {target} HTTP/1.1" 200 {size} "-" "sqlmap/1.10"\n')
                    written += 1
                    if written % 9 == 0:
                        other = f"/item?id={written} HTTP/1.1"
                        log.write(
                            f'10.0.1.{written % 250} - - [{stamp}] "GET {other}" 200 {300 + written % 300} "-" "-"\n'
                        )
            row, whole = row + 1, whole + 1
    return whole


def main() -> int:
    sizes = [int(one) for one in sys.argv[1:]] or [300_000, 1_000_000, 5_000_000]
    failed = 0
    print(f"{'attacker':<14}{'lines':>10}{'seconds':>9}{'CPU s':>8}{'lines/s':>10}{'MiB':>7}  values right")
    for ask in (bisection, membership):
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                log = Path(folder) / "access.log"
                whole = write(log, size, ask)
                with log.open("rb") as file:
                    lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 22), b""))
                found = run([sys.executable, "-m", "benchmarks._decode_alone", str(log)])
                right = 0
                if found.exit_code == 0:
                    values = dict(json.loads(found.output.strip().splitlines()[-1]))
                    right = sum(values.get(str(row)) == secret(row) for row in range(whole))
                print(
                    f"{ask.__name__:<14}{lines:>10,}{found.seconds:>9.1f}{found.processor_seconds:>8.1f}"
                    f"{lines / found.seconds:>10,.0f}{found.memory:>7,.0f}  {right:,}/{whole:,} {found.error}",
                    flush=True,
                )
                failed |= right != whole
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
