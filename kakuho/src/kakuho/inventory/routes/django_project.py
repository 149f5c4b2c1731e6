"""A Django project's routes, seen by running it against its own test client in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from kakuho.errors import UsageError
from kakuho.inventory.model import Inventory
from kakuho.inventory.routes.drafting import SeenRoute
from kakuho.inventory.routes.reading import outputs
from kakuho.language import Bilingual

PROBE = Path(__file__).with_name("django_probe.py")
LONGEST_SECONDS = 1800


def see_django(
    settings_module: str, inventory: Inventory, *, python: str = sys.executable, folder: Path
) -> list[SeenRoute]:
    """Run the project of ``settings_module`` with ``python`` in ``folder``; its database is that of its settings.

    Raises UsageError where it does not start or ends with an error; what it said is not repeated beyond the error's
    kind,
    since it could hold a value.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings_module}
    try:
        done = subprocess.run(
            [python, "-"],  # from standard input: no folder of ours is on its path
            input=PROBE.read_bytes(),
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(settings_module, type(error).__name__) from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        kind = re.match(r"([\w.]+)", said[-1]) if said else None
        raise _refused(settings_module, kind[1] if kind else f"exit code {done.returncode}")
    return [_seen(route, inventory) for route in json.loads(done.stdout)["routes"] if _tried(route)]


def _tried(route: dict[str, Any]) -> bool:
    """A method that the view refuses is no route."""
    return bool(route["status"] != 405)


def _seen(route: dict[str, Any], inventory: Inventory) -> SeenRoute:
    schema = {one.name: [field.name for field in one.fields] for one in inventory.collections}
    seen = SeenRoute(
        method=route["method"],
        path=_path(route["path"]),
        name=route["name"],
        answered=route["status"] == 200,
        public=route["public"],
        status=route["status"],
        parties=route["parties"],
        keys=route["tables"],
    )
    for statement in route["statements"]:
        columns = outputs(statement["sql"], "postgres", schema)
        for bases, shown in zip(columns, statement["shown"], strict=False):
            target = seen.shown if shown == "full" else seen.masked if shown == "masked" else seen.read
            target |= bases
    return seen


def _path(pattern: str) -> str:
    """Django's pattern as an access path's regular expression."""
    return "^/" + pattern.replace("\\-", "-").replace("\\ ", " ") + "$"


def _refused(settings_module: str, kind: str) -> UsageError:
    return UsageError(
        Bilingual(ja=f"Django のプロジェクトが動きません（{kind}）。", en=f"the Django project does not run ({kind})"),
        where=settings_module,
        remedy=Bilingual(
            ja="--python にプロジェクトの Python を、--folder に manage.py のあるフォルダーを指定し、"
            "設定に要る環境変数を与えてください。",
            en="name the project's interpreter with --python and the folder of manage.py with --folder, and give the "
            "environment variables that its settings need",
        ),
    )
