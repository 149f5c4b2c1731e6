"""The responder's template of the legacy page is the page's own SQL, to the letter: replay depends on it."""

from pathlib import Path

import yaml

from drills import legacy
from drills.legacy.views import LOOKUP


def test_the_template_is_the_pages_own_sql() -> None:
    overlay = yaml.safe_load((Path(legacy.__file__).parent / "inventory.yaml").read_text(encoding="utf-8"))
    (path,) = overlay["access_paths"]
    assert path["sql"] == LOOKUP
