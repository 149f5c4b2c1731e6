"""``make bench``: every figure in this folder, one command after another; ``python -m benchmarks.<name>`` runs one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    failed = 0
    for program in sorted(path for path in HERE.glob("*.py") if not path.name.startswith("_")):
        print(f"== {program.stem}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{program.stem}"]
        failed |= subprocess.run(command, check=False, cwd=HERE.parent).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
