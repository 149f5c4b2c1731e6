"""Forks and deaths: each process has its own segment, and a killed one loses no event."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from disclosure_ledger import verify

PREAMBLE = """
import os, sys, threading, time
from disclosure_ledger import Actor, Disclosure, Ledger
ledger = Ledger.open(sys.argv[1], system="petinsurance")
def record():
    ledger.record(actor=Actor("public"), disclosures=[Disclosure("prospect:1", ["name"])],
                  method="GET", route="/", status=200)
"""


def run(script: str, directory: Path) -> int:
    program = [sys.executable, "-W", "ignore", "-c", PREAMBLE + script, str(directory)]
    return subprocess.run(program, timeout=60, check=False).returncode


def test_a_forked_child_writes_its_own_segment(directory: Path) -> None:
    script = """
record()
child = os.fork()
record()
record()
if child:
    os.waitpid(child, 0)
"""
    assert run(script, directory) == 0
    verification = verify(directory)
    assert verification.ok
    assert sorted(segment.events for segment in verification.segments) == [2, 3]
    assert all(segment.closed for segment in verification.segments)


def test_a_child_that_shows_nothing_leaves_no_trace_and_does_not_close_its_parents_segment(directory: Path) -> None:
    script = """
record()
child = os.fork()
if not child:
    sys.exit(0)
os.waitpid(child, 0)
record()
"""
    assert run(script, directory) == 0
    verification = verify(directory)
    assert (verification.ok, [segment.events for segment in verification.segments]) == (True, [2])


def test_a_fork_while_another_thread_is_writing_does_not_hang_the_child(directory: Path) -> None:
    script = """
stop = threading.Event()
def write():
    while not stop.is_set():
        record()
writer = threading.Thread(target=write)
writer.start()
for _ in range(20):
    child = os.fork()
    if not child:
        record()
        ledger.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
writer.join()
"""
    assert run(script, directory) == 0
    verification = verify(directory)
    assert (verification.ok, len(verification.segments)) == (True, 21)


def test_a_killed_process_loses_no_event_and_its_segment_is_not_closed(directory: Path) -> None:
    script = """
for _ in range(7):
    record()
os.kill(os.getpid(), 9)
"""
    assert run(script, directory) == -signal.SIGKILL
    verification = verify(directory)
    [segment] = verification.segments
    assert (verification.ok, segment.events, segment.closed, segment.after_checkpoint) == (True, 7, False, 7)
