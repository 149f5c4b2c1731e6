"""The room's data files: texts, wording, forms of numbers, jurisdictions. Read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> dict[str, Any]:
    """The YAML file ``name`` of this package."""
    content: dict[str, Any] = yaml.safe_load(read_text(name))
    return content


@cache
def read_text(name: str) -> str:
    """A text file of this package."""
    return files("kakuho.reporting").joinpath(name).read_text(encoding="utf-8")
