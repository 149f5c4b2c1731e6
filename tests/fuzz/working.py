"""One process of a run: mutant after mutant; what fails is kept as a file."""

from __future__ import annotations

import argparse
import faulthandler
import traceback
from collections import Counter
from typing import Any

from .checking import check
from .mutants import Mutants

KEPT_OF_A_KIND = 3
"""So many mutants that fail in the same way in the same format are kept by a process."""
DONE, READ, FAILED, CURRENT = range(4)
"""What a process says of itself: mutants done, those that were read, failures, the index under way."""


def work_through(mutants: Mutants, state: Any, arguments: argparse.Namespace) -> None:
    """Every ``processes``-th mutant from the one that ``state`` names on."""
    kinds: Counter[tuple[str, str]] = Counter()
    for index in range(state[CURRENT], arguments.mutants, arguments.processes):
        state[CURRENT] = index
        one = mutants.at(index)
        faulthandler.dump_traceback_later(arguments.seconds, exit=True)
        try:
            state[READ] += check(one.format, one.data, one.declared)
        except Exception as error:
            state[FAILED] += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = (one.format, f"{type(error).__name__} {place.name} {str(error)[:60]}")
            kinds[kind] += 1
            if kinds[kind] <= KEPT_OF_A_KIND:
                keep(mutants, index, traceback.format_exc(), arguments)
        finally:
            faulthandler.cancel_dump_traceback_later()
        state[DONE] += 1


def keep(mutants: Mutants, index: int, what: str, arguments: argparse.Namespace) -> None:
    """The mutant as a file, and beside it what went wrong and how to see it again."""
    one = mutants.at(index)
    arguments.failures.mkdir(parents=True, exist_ok=True)
    path = arguments.failures / f"{one.format}-{arguments.seed}-{index}"
    path.with_suffix(".bin").write_bytes(one.data)
    chosen = "".join(f" --format {name}" for name in arguments.formats)
    again = f"python -m tests.fuzz --seed {arguments.seed}{chosen} --index {index}"
    path.with_suffix(".txt").write_text(f"{again}\n{one.declared}\n\n{what}", encoding="utf-8")
    print(f"{one.format}: {what.strip().splitlines()[-1]}\n  {path}.bin\n  {again}", flush=True)
