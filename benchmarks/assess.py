"""How long an assessment takes at the real case's size: ``python -m benchmarks.assess``.

553,000 subjects with some 8 million cells, 100 million events of which 2 million are the intruder's. The first run
restores the snapshot too; the second, whose snapshot stands, is what an analyst waits for after a decision.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._bulk_case import make_case
from benchmarks._measuring import run

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assess", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 553,000 subjects")
    parser.add_argument("--events", type=int, default=100_000_000)
    parser.add_argument("--attackers", type=int, default=2_000_000, help="how many of the events are the intruder's")
    parser.add_argument("--keep", type=Path, help="a folder to make the case in and to use again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakuho-bench-") as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        case = make_case(folder, scale=arguments.scale, events=arguments.events, attackers=arguments.attackers)
        for title in ("snapshot restored", "snapshot standing"):
            shutil.rmtree(case / "assessments", ignore_errors=True)
            for stage in (case / "lake" / "stages").glob("assessment-*"):
                stage.unlink()
            (case / "assessments").mkdir()
            done = run([sys.executable, "-m", "benchmarks._assess_alone", str(case)], cwd=ROOT)
            if done.exit_code:
                print(done.output)
                return 1
            told = json.loads(done.output.strip().splitlines()[-1])
            print(f"{title}: {done.seconds:.1f} s, {done.processor_seconds:.0f} CPU s, {done.memory:,.0f} MiB at most")
            print("  " + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in told["seconds"].items()))
            print(f"  {told['totals']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
