"""A synthetic population in the real case's proportions: everything personal in petinsurance's drills comes from here.

In: a scale (1 is the real case's size), a seed, a reference date. Out: rows in the database by COPY, and beside it the
truth: which records are about the same person. Nothing here is a real person's; telephone numbers are right in form and
may be somebody's, so never call one. It knows the tables by their names and columns, not through Django.
"""

from datetime import datetime

import pyarrow as pa

from petinsurance.population.errors import PopulationError
from petinsurance.population.generate import TABLES, Population
from petinsurance.population.loading import Summary, load
from petinsurance.population.moments import AS_OF

__all__ = ["AS_OF", "TABLES", "Population", "PopulationError", "Summary", "known_passwords", "load", "person_truth"]


def person_truth(scale: float, seed: int, *, as_of: datetime = AS_OF) -> pa.Table:
    """Which person or organisation each record is about: `subject` ("policyholder:12"), `person` (a number)."""
    return Population(scale, seed, as_of).truth


def known_passwords(scale: float, seed: int, *, as_of: datetime = AS_OF) -> dict[str, str]:
    """Every account's login and plain password."""
    return Population(scale, seed, as_of).accounts.known_passwords()
