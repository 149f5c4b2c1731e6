"""The columns are those of the models, and every value fits its column."""

import pyarrow as pa
import pytest
from django.apps import apps
from django.db import models

from petinsurance.population import TABLES


def model(table: str) -> type[models.Model]:
    return next(found for found in apps.get_models() if found._meta.db_table == table)


def columns(population, name: str) -> dict[str, pa.Array]:
    if name == "account":
        return {"password": pa.nulls(0, pa.string()), **population.accounts.columns}
    return dict(zip(population.table(name).column_names, population.table(name).columns, strict=True))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_of_its_model(population, name):
    assert set(columns(population, name)) == {field.column for field in model(name)._meta.concrete_fields}


@pytest.mark.parametrize("name", TABLES)
def test_texts_fit_and_choices_are_the_models_own(population, name):
    made = columns(population, name)
    for field in model(name)._meta.concrete_fields:
        values = set(made[field.column].to_pylist()) if isinstance(field, models.CharField) else set()
        assert None not in values
        assert all(len(value) <= field.max_length for value in values), field.column
        if field.choices:
            allowed = {value for value, _ in field.choices} | ({""} if field.blank else set())
            assert values <= allowed, field.column
