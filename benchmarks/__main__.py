"""``make bench``: every figure in this folder, one command after another; ``python benchmarks/<name>.py`` runs one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    failed = 0
    for program in sorted(path for path in HERE.glob("*.py") if not path.name.startswith("_")):
        print(f"== {program.stem}", flush=True)
        failed |= subprocess.run([sys.executable, str(program)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
