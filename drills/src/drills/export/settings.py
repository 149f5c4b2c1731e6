"""petinsurance as it is, with the staff's old CSV download still reachable."""

from petinsurance.settings import *  # noqa: F403

ROOT_URLCONF = "drills.export.urls"
