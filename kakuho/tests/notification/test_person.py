"""One person's items: the union over the person's records, each at its strongest verdict, nobody else's."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from kakuho.errors import UsageError
from kakuho.exposure.verdict_sets import pack, write_verdicts
from kakuho.notification import person_items
from kakuho.reporting.addressed import PersonItem

PERSONS = [
    ("clinic:1", "clinic", "clinic:1", "organisation"),
    ("policyholder:1", "policyholder", "policyholder:1", "person"),
    ("policyholder:2", "policyholder", "policyholder:2", "person"),
    ("quote:9", "prospect", "policyholder:1", "person"),
]
VERDICTS = [
    ("policyholder", "policyholder:1", "name", "possible", "reach", False),
    ("policyholder", "policyholder:1", "phone", "possible", "route", False),
    ("policyholder", "policyholder:1", "bank_account", "ruled_out", "reach", True),
    ("policyholder", "policyholder:2", "policy_number", "confirmed", "ledger", False),
    ("prospect", "quote:9", "name", "confirmed", "ledger", False),
    ("prospect", "quote:9", "phone", "possible", "reach", False),
    ("prospect", "quote:9", "email", "possible", "reach", False),
]


def write(folder: Path, verdicts: list[tuple]) -> Path:
    columns = ("category", "subject", "item", "verdict", "method", "masked")
    rows = pa.table(dict(zip(columns, map(list, zip(*verdicts, strict=True)), strict=True)))
    write_verdicts(folder, pack(rows.append_column("reason_id", rows["method"])))
    columns = ("subject", "category", "person_id", "kind")
    pq.write_table(pa.table(dict(zip(columns, zip(*PERSONS, strict=True), strict=True))), folder / "persons.parquet")
    return folder


@pytest.mark.parametrize("reference", ["policyholder:1", "quote:9"])
def test_the_union_over_the_persons_records(tmp_path, reference):
    found = person_items(write(tmp_path, VERDICTS), reference)
    assert found.person_id == "policyholder:1"
    assert found.subjects == ("policyholder:1", "quote:9")
    assert found.categories == ("policyholder", "prospect")
    assert found.items == (
        PersonItem("bank_account", None, masked=True),
        PersonItem("email", "reach", masked=False),
        PersonItem("name", "confirmed", masked=False),
        PersonItem("phone", "possible", masked=False),
    )
    assert [item.item for item in found.affected] == ["email", "name", "phone"]


def test_a_category_without_an_affected_item_is_not_named(tmp_path):
    verdicts = [row if row[0] != "policyholder" else (*row[:3], "ruled_out", "reach", False) for row in VERDICTS]
    assert person_items(write(tmp_path, verdicts), "policyholder:1").categories == ("prospect",)


def test_an_unknown_record_is_refused(tmp_path):
    with pytest.raises(UsageError, match="this assessment knows no such record"):
        person_items(write(tmp_path, VERDICTS), "policyholder:3")


def test_a_quote_in_the_reference_is_a_quote(tmp_path):
    with pytest.raises(UsageError):
        person_items(write(tmp_path, VERDICTS), "' OR 1=1 --")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(verdicts=st.permutations(VERDICTS))
def test_the_order_of_the_verdicts_changes_nothing(tmp_path, verdicts):
    (tmp_path / "a").mkdir(exist_ok=True)
    (tmp_path / "b").mkdir(exist_ok=True)
    first = person_items(write(tmp_path / "a", verdicts), "quote:9")
    assert first == person_items(write(tmp_path / "b", VERDICTS), "quote:9")
