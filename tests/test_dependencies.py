"""docs/dependencies.md says of every direct dependency why it is here and under which licence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def normalised(requirement: str) -> str:
    """A requirement's name, as packaging tools compare names."""
    found = NAME.match(requirement.strip())
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def direct_dependencies(root: Path) -> dict[str, set[str]]:
    """Dependency → the files that name it, over the five pyproject.toml; the workspace's own packages left out."""
    found: dict[str, set[str]] = {}
    own = set()
    for file in (root / "pyproject.toml", *sorted(root.glob("*/pyproject.toml"))):
        declared = tomllib.loads(file.read_text(encoding="utf-8"))
        project = declared["project"]
        own.add(normalised(project["name"]))
        lists = [
            project.get("dependencies", []),
            *project.get("optional-dependencies", {}).values(),
            *declared.get("dependency-groups", {}).values(),
            declared.get("build-system", {}).get("requires", []),
        ]
        for requirement in (one for requirements in lists for one in requirements):
            found.setdefault(normalised(requirement), set()).add(str(file.relative_to(root)))
    return {name: files for name, files in found.items() if name not in own}


def documented(root: Path) -> dict[str, tuple[str, str]]:
    """Dependency → (licence, why), from the rows of the page's tables."""
    page = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|$", page, re.MULTILINE)
    return {normalised(name): (licence.strip(), why.strip()) for name, licence, why in rows}


def test_there_are_five_files_that_name_dependencies(root: Path) -> None:
    assert len([root / "pyproject.toml", *root.glob("*/pyproject.toml")]) == 5


def test_every_direct_dependency_is_documented(root: Path) -> None:
    missing = {name: sorted(files) for name, files in direct_dependencies(root).items() if name not in documented(root)}
    assert missing == {}, "add a row to docs/dependencies.md: name, licence, why"


def test_nothing_is_documented_that_is_no_longer_a_dependency(root: Path) -> None:
    assert sorted(set(documented(root)) - set(direct_dependencies(root))) == []


def test_every_row_gives_a_licence_and_a_reason(root: Path) -> None:
    assert [name for name, (licence, why) in documented(root).items() if not licence or len(why) < 15] == []
