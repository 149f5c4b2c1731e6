"""Programs that a drill starts: every one is stopped again, whatever happens, and its memory is watched.

Each runs in a process group of its own and is ended by that group's id, never by a name.
"""

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

import psutil

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 10.0


class ProgramError(RuntimeError):
    """A program ended otherwise than it should have."""


@dataclass(frozen=True)
class Finished:
    """What a program that ran to its end left behind."""

    exit_code: int
    output: str
    errors: str
    seconds: float
    peak_mib: float


class Processes:
    """A context in which programs run; leaving it, by whatever way, ends them in reverse order."""

    def __init__(self) -> None:
        self._endings: list[Callable[[], None]] = []
        self._running: set[subprocess.Popen[bytes]] = set()

    def __enter__(self) -> "Processes":
        signal.signal(signal.SIGTERM, _interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end_all()

    def at_end(self, ending: Callable[[], None]) -> None:
        """Run `ending` when the context is left."""
        self._endings.append(ending)

    def end_all(self) -> None:
        """End what still runs to its end in some thread, then what was started to go on, the last first."""
        for program in tuple(self._running):
            end_group(program)
        while self._endings:
            ending = self._endings.pop()
            try:
                ending()
            except (OSError, subprocess.SubprocessError, ProgramError) as error:
                print(f"kakuho-drill: could not stop cleanly: {error}")

    def start(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a program that goes on running; its output goes to `log`."""
        with log.open("ab") as sink:
            program = subprocess.Popen(
                [*command], stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=dict(environment), process_group=0
            )
        self.at_end(lambda: end_group(program))
        return program

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        folder: Path | None = None,
        time_limit: float = 600.0,
    ) -> Finished:
        """Run a program to its end and measure the peak memory of it and all that it started."""
        began = time.monotonic()
        program = subprocess.Popen(
            [*command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            cwd=folder,
            process_group=0,
        )
        watch = _MemoryWatch(program.pid)
        self._running.add(program)
        try:
            output, errors = program.communicate(timeout=time_limit)
        except BaseException:
            end_group(program)
            raise
        finally:
            peak = watch.stop()
            self._running.discard(program)
        return Finished(
            program.returncode, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace"),
            round(time.monotonic() - began, 3), round(peak / 2**20, 1),
        )  # fmt: skip


def end_group(program: "subprocess.Popen[bytes]") -> None:
    """Ask the program's group to end, wait, and insist."""
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGTERM)
        try:
            program.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def last_words(text: str) -> str:
    """The end of what a program said, for an error message."""
    return "\n".join(text.strip().splitlines()[-20:])


def own_peak_mib() -> float:
    """The drill's own peak memory."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


class _MemoryWatch:
    """Samples the resident memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        self._peak = 0
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while True:
            self._peak = max(self._peak, _resident(self._process))
            if self._ended.wait(_POLL_SECONDS):
                return


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
