"""The repository and every package in it are under Apache-2.0, and the licence's full text is there."""

from __future__ import annotations

import tomllib
from pathlib import Path


def test_the_full_text_is_there(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    for part in (
        "Apache License\n                           Version 2.0, January 2004",
        "9. Accepting Warranty or Additional Liability.",
        "END OF TERMS AND CONDITIONS",
        "APPENDIX: How to apply the Apache License to your work.",
    ):
        assert part in text


def test_every_package_says_so(root: Path) -> None:
    licences = {
        file.parent.name: tomllib.loads(file.read_text(encoding="utf-8"))["project"].get("license")
        for file in root.glob("*/pyproject.toml")
    }
    assert licences == dict.fromkeys(("kakuho", "disclosure-ledger", "petinsurance", "drills"), "Apache-2.0")


def test_the_notice_names_the_work(root: Path) -> None:
    assert (root / "NOTICE").read_text(encoding="utf-8").startswith("Kakuho\n")
