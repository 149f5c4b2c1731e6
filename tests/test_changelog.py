"""The changelog has an entry for the version that the packages carry, and they carry one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def versions(root: Path) -> set[str]:
    files = [root / "pyproject.toml", *root.glob("*/pyproject.toml")]
    return {tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"] for file in files}


def test_all_packages_carry_one_version(root: Path) -> None:
    assert len(versions(root)) == 1


def test_the_changelog_has_an_entry_for_it(root: Path) -> None:
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^## (\d+\.\d+\.\d+)[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    (version,) = versions(root)
    assert "- " in entries.get(version, ""), f"CHANGELOG.md has no entry for {version}"
