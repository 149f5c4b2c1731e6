"""petinsurance as it is, with the folder of its nightly backups forgotten below the web site."""

import os
from pathlib import Path

from petinsurance.settings import *  # noqa: F403

ROOT_URLCONF = "drills.forgotten_backups.urls"
BACKUPS = Path(os.environ.get("PETINSURANCE_LEDGER_DIR", "ledger")).parent / "backups"
