"""The curated lists under `data/`: white-space separated fields, one entry a line, `#` starts a comment."""

from functools import cache
from importlib import resources


@cache
def entries(name: str) -> tuple[tuple[str, ...], ...]:
    """The fields of every entry of `data/<name>.txt`, in the file's order."""
    text = (resources.files("petinsurance.population") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(tuple(line.split()) for line in text.splitlines() if line and not line.startswith("#"))
