"""``python -m tests.fuzz``: so many mutants in two processes; what fails is kept to be read again.

A reader that hangs, even inside a regular expression, is ended by a watchdog; the run goes on behind it. Exit code 1
where anything failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kakuho.evidence.formats import FORMATS

from .checking import check
from .mutants import Mutants
from .seeds import seeds
from .working import CURRENT, DONE, FAILED, READ, keep, work_through

MOST_DEATHS = 100
"""So many processes may die before the run is given up."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", action="append", choices=list(FORMATS), default=[], dest="formats")
    parser.add_argument("--seconds", type=float, default=30, help="the longest that a mutant may take")
    parser.add_argument("--tell-every", type=float, default=300, help="seconds from one line of progress to the next")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--index", type=int, help="only this mutant, in this process")
    parser.add_argument("--failures", type=Path, default=Path("run/fuzz"))
    arguments = parser.parse_args()
    sound = seeds()
    _say_what_there_is(sound, arguments.formats)
    mutants = Mutants(arguments.seed, sound, arguments.formats)
    if arguments.index is not None:
        one = mutants.at(arguments.index)
        check(one.format, one.data, one.declared)
        return 0
    started = time.monotonic()
    context = multiprocessing.get_context("spawn")
    states = [context.Array("q", [0, 0, 0, first]) for first in range(arguments.processes)]
    work = [context.Process(target=work_through, args=(mutants, state, arguments)) for state in states]
    for process in work:
        process.start()
    deaths = 0
    told = started
    while any(process.is_alive() for process in work):
        time.sleep(0.5)
        if time.monotonic() - told >= arguments.tell_every:
            told = time.monotonic()
            _say_how_far(states, told - started)
        for number, (process, state) in enumerate(zip(work, states, strict=True)):
            if not process.is_alive() and process.exitcode:
                deaths += 1
                if deaths > MOST_DEATHS:
                    raise SystemExit("processes die again and again: the run is given up")
                keep(mutants, state[CURRENT], f"hang or crash of the process (exit {process.exitcode})", arguments)
                state[FAILED] += 1
                state[DONE] += 1
                state[CURRENT] += arguments.processes
                work[number] = context.Process(target=work_through, args=(mutants, state, arguments))
                work[number].start()
    return 1 if _say_how_far(states, time.monotonic() - started) else 0


def _say_how_far(states: Sequence[Any], seconds: float) -> int:
    """One line; the number of failures so far."""
    done, read, failed = (sum(state[what] for state in states) for what in (DONE, READ, FAILED))
    rate = f"{done / seconds:,.0f} mutants/s"
    print(f"{done:,} mutants, {read:,} read, {failed:,} failures, {seconds:,.0f} s, {rate}", flush=True)
    return failed


def _say_what_there_is(sound: dict[str, list[bytes]], chosen: Sequence[str]) -> None:
    names = chosen or list(FORMATS)
    print(f"{len(names)} formats, {sum(len(sound.get(name, ())) for name in names)} sound files", flush=True)
    without = [name for name in names if name not in sound]
    if without:
        print(f"no sound file of: {', '.join(without)} (mutants of the others are read in these)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
