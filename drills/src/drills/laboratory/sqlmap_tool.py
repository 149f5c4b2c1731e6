"""sqlmap as a program against one page of the shop; its own dump, as JSON lines, is the truth.

A delay of one second keeps time-based runs short. `--flush-session` is left out only where a run resumes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from drills.laboratory import truth
from drills.loopback import child_environment, require_loopback
from drills.processes import Processes, ProgramError, last_words

PROGRAM = Path(sys.executable).parent / "sqlmap"
TABLE = "person"
_TIME_LIMIT_SECONDS = 300.0
_NAMES = {
    "sqlite": ["--dbms", "SQLite"],
    "postgresql": ["--dbms", "PostgreSQL", "-D", "public"],
    "mariadb": ["--dbms", "MySQL", "-D", "shop"],
}


@dataclass(frozen=True)
class Wish:
    """What one run is after. `techniques` in sqlmap's letters; rows count from 1, both ends included.

    No `columns`: the page is tested for the weakness and nothing is taken.
    """

    page: str
    techniques: str
    columns: tuple[str, ...] = ("id", "name")
    first: int = 1
    last: int = 2
    options: tuple[str, ...] = ()
    delay_seconds: int = 1


def take(
    processes: Processes, site: str, dbms: str, wish: Wish, source_address: str, folder: Path, *, resume: bool = False
) -> list[truth.Cell]:
    """Run sqlmap to its end and return what it dumped; a run that was to dump and did not is an error."""
    folder.mkdir(parents=True, exist_ok=True)
    dump = folder / "dump.jsonl"
    dump.unlink(missing_ok=True)
    url = require_loopback(site + wish.page)
    parameter = url.partition("?")[2].partition("=")[0]
    command = [
        str(PROGRAM), "-u", url, "-p", parameter, "--batch", "--disable-coloring",
        "--ignore-proxy", "--ignore-redirects", "--output-dir", str(folder / "sqlmap"),
        "--technique", wish.techniques, "--time-sec", str(wish.delay_seconds), *_NAMES[dbms], *wish.options,
        *([] if resume else ["--flush-session"]),
    ]  # fmt: skip
    if wish.columns:
        command += [
            "-T", TABLE, "-C", ",".join(wish.columns), "--dump", "--dump-format", "JSONL", "--dump-file", str(dump),
            "--start", str(wish.first), "--stop", str(wish.last),
        ]  # fmt: skip
    environment = child_environment(source_address) | {"HOME": str(folder), "TERM": "dumb"}
    finished = processes.run(command, environment, folder=folder, time_limit=_TIME_LIMIT_SECONDS)
    (folder / "sqlmap.out").write_text(finished.output + finished.errors, encoding="utf-8")
    if not wish.columns:
        return []
    if finished.exit_code != 0 or not dump.is_file():
        raise ProgramError(f"sqlmap brought no dump home:\n{last_words(finished.output)}")
    return truth.from_dump(dump, TABLE, wish.columns, wish.first - 1)
