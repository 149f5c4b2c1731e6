""".ci/run: the one command that a fresh Debian machine needs; it stops at the first thing that fails."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def test_it_can_be_run(root: Path) -> None:
    assert os.access(root / ".ci" / "run", os.X_OK)


def test_bash_reads_it(root: Path) -> None:
    subprocess.run(["bash", "-n", str(root / ".ci" / "run")], check=True)


def test_it_is_strict_and_calls_make_test(root: Path) -> None:
    lines = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert any("make test" in line and not line.startswith("#") for line in lines)
