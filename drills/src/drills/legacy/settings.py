"""petinsurance as it is, with the legacy look-up still reachable."""

from petinsurance.settings import *  # noqa: F403

ROOT_URLCONF = "drills.legacy.urls"
