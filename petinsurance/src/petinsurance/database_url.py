"""A libpq connection URL as Django's database settings; libpq's own parser reads it."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def database_settings(url: str) -> dict[str, Any]:
    """Settings for one database.

    Server-side binding sends every value apart from its statement, so that the database log holds both, and a value
    can never become part of a statement.
    """
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "application_name": "petinsurance"},
    }
    for parameter, value in conninfo_to_dict(url).items():
        if parameter in _NAMES:
            settings[_NAMES[parameter]] = value
        else:
            settings["OPTIONS"][parameter] = value
    return settings
