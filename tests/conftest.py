"""What tests of the repository itself share: where it is, which files belong to it, and the parts of docs/build.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT / "docs"))  # `building`, importable as it is for `python docs/build.py`

from building.programs import Command, commands  # noqa: E402 (after the path)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked_files() -> list[Path]:
    """Every file that git tracks and that is there; a checkout owned by another user counts too."""
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def pages(root: Path) -> list[Path]:
    """The Markdown pages for people: at the root and under ``docs/``."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *root.glob("[a-z]*/README.md")])


@pytest.fixture(scope="session")
def every_command() -> list[Command]:
    """Every command of the repository's programs; loading them takes a while, so it is done once."""
    return commands(ROOT)
