"""A program run to its end: seconds, processor seconds and peak memory of it and of all that it started."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Run:
    """What a run took; ``memory`` is the greatest sum of the resident memory of its processes, in MiB."""

    seconds: float
    processor_seconds: float
    memory: float
    exit_code: int
    output: str

    def and_then(self, other: Run) -> Run:
        """Both, one after the other."""
        return Run(
            self.seconds + other.seconds,
            self.processor_seconds + other.processor_seconds,
            max(self.memory, other.memory),
            self.exit_code or other.exit_code,
            self.output + other.output,
        )

    @property
    def error(self) -> str:
        """The last line of what it said, where it failed."""
        return (self.output.strip().splitlines() or ["no word"])[-1] if self.exit_code else ""


def as_installed(folder: Path) -> dict[str, str]:
    """The environment in which a Python program finds its bytecode, as pip leaves it; the first run makes it."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def run(command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> Run:
    """Run a program and watch it."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(command), cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        memory, times = 0.0, {}
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            memory = max(memory, _look(watched, times))
            time.sleep(EVERY_SECONDS)
        seconds = time.perf_counter() - started
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    return Run(seconds, sum(times.values()), memory, process.returncode, said)


def _look(watched: psutil.Process, times: dict[int, float]) -> float:
    memory = 0
    try:
        family = [watched, *watched.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for one in family:
        try:
            memory += one.memory_info().rss
            spent = one.cpu_times()
            times[one.pid] = spent.user + spent.system
        except psutil.Error:
            continue
    return memory / (1 << 20)
