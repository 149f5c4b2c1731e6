"""How fast evidence is taken in, beside peers on the same file in the same run: ``python -m benchmarks.intake``.

Every line says lines a second by the clock, processor seconds for a million lines (which other work on the machine
changes less), and the peak memory of the program with all that it starts. ``alone`` is a format by itself into Parquet;
``evidence add`` the whole program into a new case. Of every thousand lines of the access log one is what scanners send:
TLS bytes, an empty request, a URI of 9,000 letters, in turn; the last column says how many lines a program lost.

lnav reads the log anew in each run; kakuho reads it once and is then asked in its lake. So lnav is measured with one
question and with several in one run, and kakuho beside it by itself, with the intake, and asked once more afterwards.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _peers
from benchmarks._documents import DOCUMENTS, write_document
from benchmarks._logs import EVTX_RECORD, GENERATED, access_lines, write_event_log, write_lines, write_repeated
from benchmarks._measuring import Run, as_installed, run
from benchmarks._questions import QUESTIONS

from kakuho.evidence.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
ACCESS = "access_log"
CASE = "case"
EVENT_LOG = "windows_evtx"
SNAPSHOT = "postgresql_snapshot"
"""Read whole; it has no lines to count."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--lines", type=int, default=300_000, help="lines of each generated file")
    parser.add_argument("--megabytes", type=int, default=24, help="the least size of samples that are repeated")
    parser.add_argument("--format", action="append", choices=list(FORMATS), default=[], dest="formats")
    parser.add_argument("--gigabytes", type=int, help="only this: an access log of so many GB, for its peak memory")
    parser.add_argument("--dissect", action="store_true", help="install dissect.target for the run and compare with it")
    parser.add_argument("--folder", type=Path, help="where the files are made; they go away at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="kakuho-bench-") as name:
        folder = Path(name)
        if arguments.gigabytes:
            memory(folder, arguments.gigabytes << 30)
            return 0
        print(f"{'':44} {'lines/s':>11} {'CPU s/1M':>9} {'peak MiB':>9}  lines")
        formats = arguments.formats or list(FORMATS)
        if ACCESS in formats:
            access_log(folder, arguments.lines, with_dissect=arguments.dissect)
        for known in formats:
            if known != ACCESS:
                one_format(folder, known, arguments.lines, arguments.megabytes << 20)
    return 0


def access_log(folder: Path, lines: int, *, with_dissect: bool) -> None:
    """kakuho and its peers on the same access log."""
    path = folder / "access.log"
    write_lines(path, ACCESS, lines)
    alone = parse_alone(ACCESS, path)
    added, counted = evidence_add(path, folder)
    show("kakuho evidence add, combined access log", lines, added, counted)
    if _peers.is_there("goaccess"):
        compare("goaccess", lines, *_peers.goaccess(path, folder), alone, added)
    else:
        print("goaccess: not installed (apt-get install goaccess)")
    if _peers.is_there("lnav"):
        for count in (1, len(QUESTIONS)):
            peer, counted = _peers.lnav(path, folder, count)
            several = f"{count} question{'s' if count > 1 else ''}"
            compare(f"lnav, {several}", lines, peer, counted, alone, added)
            ask_lake(folder, lines, count, peer, added)
    else:
        print("lnav: not installed (apt-get install lnav)")
    if with_dissect:
        program = _peers.install_dissect(folder)
        if program is None:
            print("dissect.target: could not be installed")
        else:
            compare("dissect.target", lines, *_peers.dissect(program, path, folder), alone, added)
    else:
        print("dissect.target: not asked for (--dissect)")
    shutil.rmtree(folder / CASE)
    path.unlink()


def ask_lake(folder: Path, lines: int, count: int, peer: Run, added: Run) -> None:
    """The questions that ``peer`` answered out of the log, asked of the lake that ``added`` left."""
    asking = [sys.executable, "-m", "benchmarks._questions", str(folder / CASE), str(count)]
    asked = run(asking, cwd=ROOT, env=as_installed(folder))
    show("kakuho's lake, the same", lines, asked, None)
    if peer.error or asked.error:
        return
    both = added.and_then(asked)
    print(
        f"  {peer.seconds:.2f} s by lnav, {asked.seconds:.2f} s by the lake: {peer.seconds / asked.seconds:.1f} x; "
        f"evidence add and the lake {peer.seconds / both.seconds:.1f} x "
        f"(processor seconds: lnav {peer.processor_seconds:.2f}, kakuho {both.processor_seconds:.2f})"
    )


def compare(name: str, lines: int, done: Run, counted: int | None, alone: float | None, added: Run) -> None:
    """A peer's figures, and how many times faster kakuho is."""
    show(name, lines, done, counted)
    if alone and not done.error:
        each = f"{done.seconds / alone:.1f} x (alone), {done.seconds / added.seconds:.1f} x (evidence add)"
        print(f"  kakuho is faster than {name}: {each}")


def one_format(folder: Path, known: str, lines: int, size: int) -> None:
    """A format alone: on a generated file, or on a sample over and over, to at least ``size`` bytes."""
    path = folder / f"{known}.log"
    if known in GENERATED or known == "disclosure_ledger":
        write_lines(path, known, lines)
    elif known in DOCUMENTS:
        write_document(path, known, lines)
    else:
        sample = sample_of(known)
        if sample is None:
            print(f"{known}: no sample to repeat")
            return
        if known == EVENT_LOG:
            write_event_log(path, sample, lines)
        elif known == SNAPSHOT:
            path.write_bytes(sample)
        else:
            write_repeated(path, sample, size, lines)
    parse_alone(known, path)
    path.unlink()


def sample_of(known: str) -> bytes | None:
    """The largest beginning of a sound file that there is of a format; of event logs the one with most records."""
    from tests.fuzz.seeds import seeds  # noqa: PLC0415 - looking through the samples takes a while

    global _seeds  # noqa: PLW0603 - looked through once
    _seeds = _seeds or seeds()
    found = _seeds.get(known)
    by = (lambda data: data.count(EVTX_RECORD)) if known == EVENT_LOG else len
    return max(found, key=by) if found else None


_seeds: dict[str, list[bytes]] = {}


def parse_alone(known: str, path: Path) -> float | None:
    """A format alone into Parquet, in a program of its own; its seconds without the start of the program."""
    program, env = [sys.executable, "-m", "benchmarks._parse_alone", known], as_installed(path.parent)
    run(program, cwd=ROOT, env=env)
    done = run([*program, str(path)], cwd=ROOT, env=env)
    if done.error:
        print(f"{known}: {done.error[:160]}")
        return None
    told = json.loads(done.output.strip().splitlines()[-1])
    if not told["lines"]:
        print(f"{known}, alone: {path.stat().st_size:,} bytes in {told['seconds']:.2f} s")
        return float(told["seconds"])
    figures = Run(told["seconds"], done.processor_seconds, done.memory, 0, "")
    counted = told["events"] + told["rejected"] if told["rejected"] else told["lines"]
    show(f"{known}, alone", told["lines"], figures, counted, rejected=told["rejected"])
    parser, seconds = told["parser_seconds"], told["seconds"]
    of_parser = f", {seconds / parser:.1f} times what its parser alone takes" if parser else ""
    rates = f"{told['events'] / seconds:,.0f} events/s, {path.stat().st_size / seconds / 1e6:,.0f} MB/s"
    print(f"  {rates}{of_parser}")
    return float(told["seconds"])


def evidence_add(path: Path, folder: Path) -> tuple[Run, int | None]:
    """The whole program into a new case, which stays; before that into another one, which makes its bytecode."""
    small = folder / "small.log"
    with path.open("rb") as file:
        small.write_bytes(b"".join(islice(file, 1_000)))
    _add(small, folder, "warm")
    shutil.rmtree(folder / "warm", ignore_errors=True)
    return _add(path, folder, CASE)


def _add(path: Path, folder: Path, name: str) -> tuple[Run, int | None]:
    program, case, env = str(Path(sys.executable).parent / "kakuho"), folder / name, as_installed(folder)
    created = run([program, "case", "new", str(case), "--name", "benchmark"], env=env)
    if created.error:
        return created, None
    done = run([program, "--case", str(case), "evidence", "add", str(path)], env=env)
    shown = run([program, "--case", str(case), "evidence", "show", "--json"], env=env)
    try:
        (source,) = json.loads(shown.output)
        return done, int(source["events"]) + int(source["rejected"])
    except (ValueError, KeyError, TypeError):
        return done, None


def show(what: str, lines: int, done: Run, counted: int | None, rejected: int = 0) -> None:
    """A line of the table."""
    if done.error:
        print(f"{what:44} failed: {done.error[:120]}")
        return
    lost = "" if counted is None else "all" if counted == lines else f"{counted:,} of {lines:,}: {counted - lines:+,}"
    rate, each = lines / done.seconds, done.processor_seconds / lines * 1e6
    refused = f" ({rejected:,} rejected)" if rejected else ""
    print(f"{what:44} {rate:11,.0f} {each:9.2f} {done.memory:9,.0f}  {lost}{refused}", flush=True)


def memory(folder: Path, size: int) -> None:
    """The peak memory of a format alone on one very large file of ordinary lines."""
    path = folder / "access.log"
    write_repeated(path, b"".join(islice(access_lines(troublesome=False), 50_000)), size)
    print(f"{path.stat().st_size / (1 << 30):.1f} GB")
    print(f"{'':44} {'lines/s':>11} {'CPU s/1M':>9} {'peak MiB':>9}  lines")
    parse_alone(ACCESS, path)


if __name__ == "__main__":
    sys.exit(main())
