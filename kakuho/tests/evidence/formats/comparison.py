"""Our values beside those that others expect of the same sample, field by field.

Where we differ on purpose, the difference is declared with the reason; one that is not declared fails, and a declared
one that no longer exists fails too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any


@dataclass(frozen=True)
class Difference:
    """``sample`` and ``field`` are patterns (fnmatch)."""

    sample: str
    field: str
    why: str


@dataclass
class Comparison:
    """Counts what is equal and what differs as declared; gathers what differs and is not declared."""

    declared: tuple[Difference, ...]
    equal: Counter[str] = field(default_factory=Counter)
    different: Counter[Difference] = field(default_factory=Counter)
    undeclared: list[tuple[str, str, Any, Any]] = field(default_factory=list)
    samples: set[str] = field(default_factory=set)

    def compare(self, sample: str, name: str, ours: Any, theirs: Any) -> None:
        """One field of one event."""
        self.samples.add(sample)
        if ours == theirs:
            self.equal[name] += 1
            return
        for one in self.declared:
            if fnmatch(sample, one.sample) and fnmatch(name, one.field):
                self.different[one] += 1
                return
        self.undeclared.append((sample, name, ours, theirs))

    def check(self, label: str) -> None:
        """Fails where something differs undeclared, or is declared and does not differ. Prints the summary."""
        print(self.summary(label))
        shown = "\n".join(map(str, self.undeclared[:40]))
        assert not self.undeclared, f"{len(self.undeclared)} undeclared differences:\n{shown}"
        gone = [one for one in self.declared if one not in self.different]
        assert not gone, f"declared, but equal now: {gone}"

    def summary(self, label: str) -> str:
        """Format, samples, fields equal and declared, for a report."""
        return (
            f"{label} | {len(self.samples)} samples | {self.equal.total()} fields equal "
            f"| {self.different.total()} declared ({len(self.declared)} kinds)"
        )
