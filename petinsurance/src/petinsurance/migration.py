"""Creating and updating the tables as their owner, and saying what the application's role may do with them."""

import os

import psycopg
from psycopg import sql

from petinsurance.database import WEB_ROLE
from petinsurance.errors import PetinsuranceError

APPEND_ONLY_TABLES = ("negotiation_entry",)
READ_ONLY_TABLES = ("django_migrations",)


def migrate(owner_url: str) -> None:
    """Run Django's migrations, then grant the application's role rows and nothing else."""
    os.environ["DATABASE_URL"] = owner_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "petinsurance.settings")
    import django  # noqa: PLC0415 (settings are read on import)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    grant_web_role(owner_url)


def grant_web_role(owner_url: str) -> None:
    role = sql.Identifier(WEB_ROLE)
    with psycopg.connect(owner_url) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE]).fetchone() is None:
            raise PetinsuranceError(
                f"the database has no role {WEB_ROLE}",
                where="the server that DATABASE_URL names",
                remedy=f"let its administrator run: CREATE ROLE {WEB_ROLE} LOGIN PASSWORD '…'; then migrate again",
            )
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            *(f"REVOKE UPDATE, DELETE ON {table} FROM {{}}" for table in APPEND_ONLY_TABLES),
            *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {{}}" for table in READ_ONLY_TABLES),
        ):
            connection.execute(sql.SQL(statement).format(role))
