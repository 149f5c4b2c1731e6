"""What every test shares: hypothesis profiles. ``quick`` is the default, ``laws`` is what ``make laws`` runs.

The packages are imported first: with ``--import-mode=importlib`` a test below ``kakuho/`` would else make pytest take
that folder for the package of the same name.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

import disclosure_ledger
import drills
import kakuho
import petinsurance
from kakuho.engine.mariadb import has_mariadb

PACKAGES = (disclosure_ledger, drills, kakuho, petinsurance)

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
_MANY = int(os.environ.get("EXAMPLES", "10000"))
settings.register_profile("quick", max_examples=8, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("laws", max_examples=_MANY, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked ``needs_mariadb`` are left out, and say so, where no server is installed; in CI never."""
    if item.get_closest_marker("needs_mariadb") and not os.environ.get("CI") and not has_mariadb():
        pytest.skip("省かれた: MariaDB がない / left out: no MariaDB server (package mariadb-server) on this machine")
