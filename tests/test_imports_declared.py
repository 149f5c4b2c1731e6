"""A package declares what it imports: installed alone, it works."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN_BY_OTHERS = ("kakuho/src/kakuho/inventory/routes/django_probe.py",)
"""Programs that a package hands to another interpreter, with that one's packages; it never imports them itself."""
PACKAGES = sorted(file.parent.name for file in ROOT.glob("*/pyproject.toml"))


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", name.strip(), maxsplit=1)[0]).lower()


def imported(package: Path) -> set[str]:
    """Top-level names that the package's source imports, the standard library's and its own left out."""
    names: set[str] = set()
    for file in (package / "src").rglob("*.py"):
        if file.relative_to(ROOT).as_posix() in RUN_BY_OTHERS:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    own = {child.name for child in (package / "src").iterdir()}
    return names - own - set(sys.stdlib_module_names)


def declared(package: Path) -> set[str]:
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    return {normalised(one) for one in [*project.get("dependencies", []), *(one for extra in extras for one in extra)]}


def undeclared(name: str) -> set[str]:
    package, known = ROOT / name, packages_distributions()
    has = declared(package)
    return {one for one in imported(package) if not {normalised(dist) for dist in known.get(one, [one])} & has}


@pytest.mark.parametrize("name", PACKAGES)
def test_every_import_is_declared(name: str) -> None:
    assert sorted(undeclared(name)) == []
