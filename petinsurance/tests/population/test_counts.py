"""The sizes are the real case's, exactly; other scales are rounded half up."""

import pytest

from petinsurance.population import Population, PopulationError
from petinsurance.population.counts import Counts


def test_scale_one_is_the_second_public_report():
    counts = Counts.at(1)
    assert counts.policyholder == 143_000
    assert counts.quote + counts.brochure_request == 399_000
    assert counts.injured_third_party == 1_000
    assert counts.clinic == 10_000
    assert counts.agency == 199
    assert counts.bank_account_policyholder == 52_000
    assert counts.bank_account_injured_third_party == 381
    assert counts.bank_account_clinic == 446
    assert counts.bank_account_agency == 126


@pytest.mark.parametrize(
    ("scale", "policyholders", "agencies", "agency_accounts"),
    [(0.01, 1430, 2, 1), (0.0025, 358, 2, 1), (0.1, 14_300, 20, 13), (0.5, 71_500, 100, 63), (0.00001, 2, 2, 1)],
)
def test_other_scales_round_half_up_and_leave_nothing_out(scale, policyholders, agencies, agency_accounts):
    counts = Counts.at(scale)
    assert (counts.policyholder, counts.agency, counts.bank_account_agency) == (
        policyholders,
        agencies,
        agency_accounts,
    )


@pytest.mark.parametrize("scale", [0, -1, 2.5, float("nan")])
def test_an_impossible_scale_says_what_to_choose(scale):
    with pytest.raises(PopulationError, match="more than 0 and at most 2"):
        Population(scale, seed=1).counts  # noqa: B018


def test_the_whole_real_case_has_exactly_these_rows():
    real = Population(scale=1, seed=1)
    rows = {
        name: real.table(name).num_rows
        for name in ("policyholder", "quote", "brochure_request", "injured_third_party", "clinic", "agency")
    }
    assert rows == {
        "policyholder": 143_000,
        "quote": 301_000,
        "brochure_request": 98_000,
        "injured_third_party": 1_000,
        "clinic": 10_000,
        "agency": 199,
    }
    bank_accounts = real.table("bank_account")
    owners = {name: bank_accounts.num_rows - bank_accounts[f"{name}_id"].null_count for name in _OWNERS}
    assert owners == {"policyholder": 52_000, "injured_third_party": 381, "clinic": 446, "agency": 126}
    logins = real.accounts.columns["login"]
    assert len(set(logins.to_pylist())) == len(logins) == 60 + 36 + 12 + 199 + 50_050


_OWNERS = ("policyholder", "injured_third_party", "clinic", "agency")
