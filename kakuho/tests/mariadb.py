"""The mark of tests that need a real MariaDB: left out, and said so, where the machine has none; in CI never."""

from __future__ import annotations

import os

import pytest

from kakuho.engine.mariadb import has_mariadb

NEEDS_MARIADB = pytest.mark.skipif(
    not has_mariadb() and not os.environ.get("CI"),
    reason="省かれた: MariaDB のサーバーがない / left out: no MariaDB server (package mariadb-server) here",
)
