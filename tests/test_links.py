"""Links between the pages lead somewhere: the file is there, and so is the heading."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def anchor(heading: str) -> str:
    """A heading's anchor, as GitHub makes it: lower case, punctuation dropped, spaces to hyphens."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {anchor(found) for found in HEADING.findall(text)} | set(re.findall(r'<a id="([^"]+)">', text))


def broken_links(page: Path) -> list[str]:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z][a-z+.-]*:", target):
            continue
        name, _, fragment = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            broken.append(f"{page.name}: {target}: no such file")
        elif fragment and file.suffix == ".md" and fragment not in anchors_of(file):
            broken.append(f"{page.name}: {target}: no such heading")
    return broken


def test_an_anchor_is_made_as_the_forge_makes_it() -> None:
    assert anchor("終了コード / Exit codes") == "終了コード--exit-codes"
    assert anchor("`kakuho case new`") == "kakuho-case-new"


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](gone.md) [d](https://example.org/)\n", encoding="utf-8")
    assert broken_links(page) == ["page.md: #two: no such heading", "page.md: gone.md: no such file"]


def test_every_internal_link_resolves(pages: list[Path]) -> None:
    assert [broken for page in pages for broken in broken_links(page)] == []


PATH = re.compile(r"`((?:kakuho|drills|petinsurance|disclosure-ledger|docs|tests)/[\w./-]*)`")


def test_every_path_of_the_repository_that_a_page_names_exists(root: Path, pages: list[Path]) -> None:
    named = [(page, path) for page in pages for path in PATH.findall(page.read_text(encoding="utf-8"))]
    assert (root / "docs" / "dev" / "architecture.md", "kakuho/src/kakuho/evidence/formats/") in named
    missing = [(page, path) for page, path in named if not any((at / path).exists() for at in (root, page.parent))]
    assert [f"{page.relative_to(root)}: {path}" for page, path in missing] == []
