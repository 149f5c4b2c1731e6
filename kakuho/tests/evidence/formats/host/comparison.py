"""Our rows against another program's expected output, field by field; differences have to be declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .differences import DIFFERENCES


class Comparison:
    """Counts the fields of one sample that are equal, and keeps those that are not."""

    def __init__(self, sample: str) -> None:
        self.sample = sample
        self.equal: Counter[str] = Counter()
        self.different: dict[str, list[tuple[int, Any, Any]]] = {}

    def field(self, name: str, line: int, ours: Any, theirs: Any) -> None:
        """Compare one field of the event at ``line``."""
        if ours == theirs:
            self.equal[name] += 1
        else:
            self.different.setdefault(name, []).append((line, ours, theirs))

    def check(self) -> None:
        """Fails for a difference that is not declared, and for a declared one that is none any more."""
        declared = {name for sample, name in DIFFERENCES if sample == self.sample}
        undeclared = {name: cases[:3] for name, cases in self.different.items() if name not in declared}
        assert not undeclared, f"{self.sample}: undeclared differences (line, ours, theirs): {undeclared}"
        gone = declared - set(self.different)
        assert not gone, f"{self.sample}: declared differences that are none any more: {gone}"
        count = sum(len(cases) for cases in self.different.values())
        print(f"host | {self.sample} | {self.equal.total()} equal | {count} declared")


def flat(event: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested fields under their dotted names."""
    for key, value in event.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
