"""How right drafted routes are: petinsurance's, seen by running it, against the access paths of its own inventory.

    python -m benchmarks.inventory_routes

Counted are (route, method, item) with the item shown in full, and the same with those shown masked. Routes are
matched by the
method and an example of the drafted path.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import petinsurance
from kakuho.inventory import Inventory, load_inventory
from kakuho.inventory.routes.django_project import see_django
from kakuho.inventory.routes.drafting import DraftedRoute, draft_routes

PROGRAM = Path(sys.executable).parent / "petinsurance"
Shown = set[tuple[str, str, str]]


def example(pattern: str) -> str:
    """An address that the pattern fits."""
    return re.sub(r"\(\?P<\w+>[^)]*\)", "12", pattern).strip("^$")


def against(drafted: list[DraftedRoute], truth: Inventory) -> tuple[Shown, Shown, set[str]]:
    """((route, method, item) drafted, the same in truth, routes of the truth that were not drafted)."""
    got: Shown = set()
    met: set[str] = set()
    for one in drafted:
        address = example(str(one.path.path))
        for path in truth.access_paths:
            if path.kind == "route" and one.path.methods[0] in path.methods and re.search(str(path.path), address):
                if one.sure:
                    met.add(f"{path.id} {one.path.methods[0]}")
                got |= {(path.id, one.path.methods[0], item) for shows in one.path.shows for item in shows.items}
                got |= {
                    (path.id, one.path.methods[0], f"{item} masked")
                    for shows in one.path.shows
                    for item in shows.masked
                }
    wanted: Shown = set()
    missing: set[str] = set()
    for path in truth.access_paths:
        if path.kind != "route" or path.id == "web.static":
            continue
        for method in path.methods:
            if f"{path.id} {method}" not in met:
                missing.add(f"{path.id} {method}")
            wanted |= {(path.id, method, item) for shows in path.shows for item in shows.items}
            wanted |= {(path.id, method, f"{item} masked") for shows in path.shows for item in shows.masked}
    return got, wanted, missing


def main() -> None:
    """Print the figures."""
    truth = load_inventory(Path(petinsurance.__file__).parent / "inventory.yaml")
    with tempfile.TemporaryDirectory(prefix="petinsurance-") as folder:
        started = subprocess.run(
            [PROGRAM, "database", "start", "--data-dir", folder, "--json"], check=True, capture_output=True
        )
        urls = json.loads(started.stdout)
        try:
            owner = os.environ | {"DATABASE_URL": urls["owner_url"]}
            subprocess.run([PROGRAM, "migrate"], env=owner, check=True)
            subprocess.run([PROGRAM, "populate", "--scale", "0.002"], env=owner, check=True, stdout=subprocess.DEVNULL)
            os.environ |= {
                "DATABASE_URL": urls["web_url"],
                "PETINSURANCE_LEDGER_DIR": f"{folder}/ledger",
                "PETINSURANCE_SECRET_KEY": "only for a run of the test client, then gone: nothing is kept",
            }
            drafted = draft_routes(see_django("petinsurance.settings", truth, folder=Path.cwd()), truth)
        finally:
            subprocess.run([PROGRAM, "database", "stop", "--data-dir", folder], check=True)
    report(drafted, truth)


def report(drafted: list[DraftedRoute], truth: Inventory) -> None:
    """The two figures, and what differs."""
    got, wanted, missing = against(drafted, truth)
    right = got & wanted
    print(
        f"routes → items: precision {len(right) / max(1, len(got)):.3f}, recall {len(right) / max(1, len(wanted)):.3f} "
        f"of {len(wanted)}; routes never seen to answer: {len(missing)}"
    )
    for kind, rows in (("extra", got - wanted), ("missed", wanted - got)):
        for row in sorted(rows):
            print(f"  {kind}: {' '.join(row)}")
    for route in sorted(missing):
        print(f"  not seen: {route}")


if __name__ == "__main__":
    main()
