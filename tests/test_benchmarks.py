"""``make bench`` runs every benchmark that there is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ASKED = "import json, benchmarks.__main__ as b; print(json.dumps([b.programs(), b.ARGUMENTS, b.SIZES]))"


def test_each_program_has_its_arguments_at_every_size(root: Path) -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], cwd=root, check=True, capture_output=True, text=True).stdout
    programs, arguments, sizes = json.loads(told)
    assert "intake" in programs
    assert sorted(arguments) == programs
    assert {len(given) for given in arguments.values()} == {len(sizes)}
