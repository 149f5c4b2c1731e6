"""docs/evidence-formats.md lists every format that evidence is read in, in the program's own words."""

from __future__ import annotations

from pathlib import Path

from building.formats_page import formats_page
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.roles import ROLES


def test_the_page_is_what_the_program_knows_today(root: Path) -> None:
    page = (root / "docs" / "evidence-formats.md").read_text(encoding="utf-8")
    assert page == formats_page(FORMATS.values()), "docs/evidence-formats.md is stale: run `make docs`"


def test_every_format_has_a_name_of_its_own_in_both_languages() -> None:
    assert len({known.label.ja for known in FORMATS.values()}) == len(FORMATS)
    assert len({str(known.label) for known in FORMATS.values()}) == len(FORMATS)
    assert {known.role for known in FORMATS.values()} <= set(ROLES)
