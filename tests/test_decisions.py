"""Decision records: each says what the situation was, what was weighed, and what came of it; none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = sorted((Path(__file__).resolve().parent.parent / "docs" / "adr").glob("[0-9]*.md"))


def test_numbers_run_without_a_gap() -> None:
    assert [int(file.name[:4]) for file in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 9


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_record_has_context_options_and_outcome_in_this_order(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.match(rf"# {file.name[:4]} \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Options", "Outcome"]
    bodies = re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
    assert all(len(body.split()) >= 20 for body in bodies)


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_record_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60


def test_the_index_lists_every_record() -> None:
    index = (DECISIONS[0].parent / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\((\d{4}[^)]*\.md)\)", index) == [file.name for file in DECISIONS]
