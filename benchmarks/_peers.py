"""Other programs on the same access log. Each is run as a program; none is imported, none is in the lock.

Each says how many lines it counts, so that what it loses can be told. goaccess and lnav are Debian's packages;
dissect.target is installed by ``--dissect`` into a folder of its own that goes away with the run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks._measuring import Run, run
from benchmarks._questions import asked_of_lnav

APACHE_LOGS = Path("var/log/apache2")


def goaccess(path: Path, folder: Path) -> tuple[Run, int | None]:
    """A report as JSON; it counts the requests that it took."""
    report = folder / "goaccess.json"
    done = run(
        ["goaccess", str(path), "--log-format=COMBINED", "--no-global-config", "-o", str(report), "--no-progress"]
    )
    found = re.search(r'"valid_requests": (\d+)', report.read_text("utf-8", "replace")) if report.exists() else None
    return done, int(found[1]) if found else None


def lnav(path: Path, folder: Path, questions: int = 1) -> tuple[Run, int | None]:
    """Aggregates in SQL over its table of access log lines, in one run (:mod:`benchmarks._questions`)."""
    env = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "lnav"), "TERM": "dumb"}
    done = run(["lnav", "-n", *asked_of_lnav(questions), str(path)], env=env)
    counts = [int(found[1]) for found in re.finditer(r"^\d{3},(\d+),", done.output, re.MULTILINE)]
    return done, sum(counts) if counts else None


def install_dissect(folder: Path) -> Path | None:
    """``target-query`` out of an environment of its own, or None where it cannot be had."""
    environment = folder / "dissect"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    install = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "dissect.target"]
    done = subprocess.run(install, check=False, capture_output=True)
    program = environment / "bin" / "target-query"
    return program if done.returncode == 0 and program.exists() else None


def dissect(program: Path, path: Path, folder: Path) -> tuple[Run, int | None]:
    """Its records of a Linux host that holds the log where Apache writes it."""
    host = folder / "host"
    logs = host / APACHE_LOGS
    logs.mkdir(parents=True, exist_ok=True)
    (host / "etc").mkdir(exist_ok=True)
    (host / "etc" / "os-release").write_text("ID=debian\n")
    (host / "opt").mkdir(exist_ok=True)
    os.link(path, logs / "access.log")
    records = folder / "dissect.json"
    command = [str(program), "-q", "-f", "apache.access", "-t", str(host), "--json"]
    done = run(["sh", "-c", 'exec "$@" > "$0"', str(records), *command])
    with records.open("rb") as file:
        counted = sum(b'"_type": "record"' in line for line in file)
    return done, counted


def is_there(name: str) -> bool:
    """Whether a program is installed."""
    return shutil.which(name) is not None
