"""Loading into a real PostgreSQL with the application's own tables: complete, whole in its references, open to more."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from petinsurance.population import TABLES, Population, PopulationError, load

PROGRAM = Path(sys.executable).parent / "petinsurance"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "petinsurance.settings",
    "PETINSURANCE_SECRET_KEY": "x" * 50,
    "PETINSURANCE_LEDGER_DIR": "unused",
}


@pytest.fixture(scope="module")
def owner_url():
    # not in pytest's folder, which only its user may enter: run as root, the server is another user
    with tempfile.TemporaryDirectory(prefix="petinsurance-population-") as folder:
        start = [PROGRAM, "database", "start", "--data-dir", folder, "--json"]
        url = json.loads(subprocess.run(start, check=True, capture_output=True, text=True).stdout)["owner_url"]
        try:
            subprocess.run([PROGRAM, "migrate"], check=True, env={**os.environ, **SETTINGS, "DATABASE_URL": url})
            yield url
        finally:
            subprocess.run([PROGRAM, "database", "stop", "--data-dir", folder], check=True)


@pytest.fixture(scope="module")
def constraints(owner_url):
    """What the migrations demand of the rows, before anything is loaded."""
    return demanded(owner_url)


@pytest.fixture(scope="module")
def summary(owner_url, constraints):
    return load(owner_url, scale=0.01, seed=1)


@pytest.fixture
def database(owner_url, summary):
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection


def demanded(owner_url):
    with psycopg.connect(owner_url) as connection:
        return connection.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ).fetchall()


def test_the_rows_meet_every_constraint_of_the_migrations(owner_url, constraints, summary):
    """Foreign keys are taken away for the time of loading; afterwards they are there again, checked."""
    assert demanded(owner_url) == constraints
    references = [table for table, _, definition, _ in constraints if definition.startswith("FOREIGN KEY")]
    assert sum(table in TABLES for table in references) == 18


def test_every_row_arrives(database, summary, population):
    for name in TABLES:
        (count,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert count == summary.rows[name]
    assert summary.rows["policyholder"] == 1430
    assert summary.truth == population.truth


def test_rows_are_the_generated_ones(database, population):
    for name in ("policyholder", "quote", "claim", "negotiation_entry", "bank_account"):
        table = population.table(name)
        stored = database.execute(f"SELECT {', '.join(table.column_names)} FROM {name} ORDER BY id").fetchall()
        assert [tuple(row.values()) for row in table.to_pylist()] == stored


def test_the_next_row_gets_the_next_id(database):
    (number,) = database.execute(
        "INSERT INTO brochure_request (name, kana, gender, postal_code, address, phone, email, created_at)"
        " VALUES ('', '', '', '', '', '', '', now()) RETURNING id"
    ).fetchone()
    database.execute("DELETE FROM brochure_request WHERE id = %s", (number,))
    assert number == 981


def test_statistics_are_fresh(database):
    (rows,) = database.execute("SELECT reltuples FROM pg_class WHERE relname = 'policyholder'").fetchone()
    assert rows == 1430


def test_the_truth_is_not_in_the_database(database):
    columns = database.execute(
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE '%person%'"
    ).fetchone()
    assert columns == (0,)


def test_a_full_table_is_left_as_it_is(owner_url, summary):
    with pytest.raises(PopulationError, match="already holds rows") as refused:
        load(owner_url, scale=0.001, seed=2)
    assert "agency" in str(refused.value)


def test_a_database_without_tables_is_told_to_migrate(owner_url, summary):
    with pytest.raises(PopulationError, match="run `petinsurance migrate`"):
        load(owner_url + "&options=-csearch_path%3Dpg_temp", scale=0.001, seed=2)


def test_the_command_prints_seconds_by_stage(owner_url, summary):
    """On a full database it says what to do, without the URL, which holds a password."""
    command = [sys.executable, "-m", "petinsurance.population", "--scale", "0.001", "--seed", "1", "--url", owner_url]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "already holds rows" in refused.stderr
    assert "postgresql://" not in refused.stderr + refused.stdout


def test_a_failed_load_leaves_nothing(owner_url, summary, database):
    assert Population(0.001, 1).counts.policyholder == 143
    database.execute("TRUNCATE " + ", ".join(TABLES) + " CASCADE")
    database.execute("ALTER TABLE bank_account ADD CONSTRAINT refuse CHECK (false) NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        load(owner_url, scale=0.0001, seed=1)
    assert database.execute("SELECT count(*) FROM policyholder").fetchone() == (0,)
