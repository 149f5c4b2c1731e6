"""One population of a hundredth of the real case's size, shared by the tests; generated without a database."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from petinsurance.population import Population

Rows = Callable[[str], list[dict[str, object]]]
PERSONS = ("policyholder", "quote", "brochure_request", "injured_third_party")


@pytest.fixture(scope="session")
def population() -> Population:
    return Population(scale=0.01, seed=1)


@pytest.fixture(scope="session")
def tables(population: Population) -> dict[str, pa.Table]:
    """Every table but the accounts, whose hashes take seconds."""
    names = (
        *("agency", "clinic", *PERSONS, "pet", "policy", "claim"),
        *("liability_case", "negotiation_entry", "bank_account"),
    )
    return {name: population.table(name) for name in names}


@pytest.fixture(scope="session")
def rows(tables: dict[str, pa.Table]) -> Rows:
    """A table's rows as dictionaries."""
    return lambda name: tables[name].to_pylist()


@pytest.fixture(scope="session")
def persons(rows: Rows) -> list[dict[str, object]]:
    """Every record about a natural person, with its subject."""
    return [{"subject": f"{name}:{row['id']}", **row} for name in PERSONS for row in rows(name)]
