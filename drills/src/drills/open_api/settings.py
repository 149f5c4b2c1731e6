"""petinsurance as it is, with an API that forgot to ask whose a policy is."""

from petinsurance.settings import *  # noqa: F403

ROOT_URLCONF = "drills.open_api.urls"
