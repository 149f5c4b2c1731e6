"""``make bench``: every program in this folder, one table of what each took. One alone: ``python -m benchmarks.NAME``.

``--size small`` shows in minutes that all of them run; ``whole`` takes the sizes of a real case, and hours. ``--only``
runs some of them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._measuring import Run, run

HERE = Path(__file__).parent
SIZES = ("small", "ordinary", "whole")
ARGUMENTS: dict[str, tuple[str, str, str]] = {
    "assess": (
        "--scale 0.002 --events 20000 --attackers 600",
        "--scale 0.1 --events 10000000 --attackers 200000",
        "--scale 1 --events 100000000 --attackers 2000000",
    ),
    "coverage": ("--events 100000", "--events 10000000", "--events 100000000"),
    "coverage_false_alarms": ("--logs 1", "--logs 10", "--logs 40"),
    "decode": ("20000", "300000 1000000", "300000 1000000 5000000"),
    "intake": ("--lines 2000 --megabytes 1", "--lines 300000", "--lines 3000000"),
    "inventory_draft": ("", "", ""),
    "inventory_routes": ("", "", ""),
    "ledger_write": ("--events 5", "--events 100", "--events 1000"),
    "replay": ("5000 5000", "20000 200000", "20000 200000"),
}
"""What each program is given at each size."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="ordinary")
    parser.add_argument("--only", nargs="+", choices=programs(), metavar="NAME", help=", ".join(programs()))
    arguments = parser.parse_args()
    done: dict[str, Run] = {}
    for name in arguments.only or programs():
        given = ARGUMENTS[name][SIZES.index(arguments.size)].split()
        print(f"== {' '.join([name, *given])}", flush=True)
        done[name] = run([sys.executable, "-m", f"benchmarks.{name}", *given], cwd=HERE.parent)
        print(done[name].output, flush=True)
    print(table(done))
    return int(any(one.exit_code for one in done.values()))


def programs() -> list[str]:
    """Every program of this folder."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.name.startswith("_"))


def table(done: dict[str, Run]) -> str:
    """A line a program."""
    lines = [f"{'':24}{'seconds':>9}{'CPU s':>9}{'peak MiB':>10}"]
    for name, one in done.items():
        outcome = "" if not one.exit_code else f"  failed ({one.exit_code}): {one.error[:90]}"
        lines.append(f"{name:24}{one.seconds:9,.0f}{one.processor_seconds:9,.0f}{one.memory:10,.0f}{outcome}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
