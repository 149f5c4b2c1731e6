"""Bank accounts: branches that exist, one owner each, the holder as banks write names."""

import re

from zengin_code import Bank

from petinsurance.population.text import bank_kana

OWNERS = ("policyholder_id", "injured_third_party_id", "clinic_id", "agency_id")


def test_every_branch_exists(rows):
    for row in rows("bank_account"):
        bank = Bank.all[row["bank_code"]]
        assert bank.name == row["bank_name"]
        assert bank.branches[row["branch_code"]].name == row["branch_name"]


def test_every_account_has_one_owner_and_no_owner_has_two(rows):
    for row in rows("bank_account"):
        assert sum(row[owner] is not None for owner in OWNERS) == 1
    for owner in OWNERS:
        owned = [row[owner] for row in rows("bank_account") if row[owner] is not None]
        assert len(set(owned)) == len(owned)


def test_numbers_have_seven_digits_and_kinds_are_the_usual_ones(rows):
    for row in rows("bank_account"):
        assert re.fullmatch("[0-9]{7}", row["account_number"])
        assert row["account_type"] in {"普通", "当座", "貯蓄"}


def test_holders_are_written_in_half_width_kana_without_small_ones(rows):
    for row in rows("bank_account"):
        assert re.fullmatch(r"[ｱ-ﾝｦｰﾞﾟ() ]+", row["holder_kana"]), row["id"]
    assert bank_kana("カ)リョウコドウブツビョウイン") == "ｶ)ﾘﾖｳｺﾄﾞｳﾌﾞﾂﾋﾞﾖｳｲﾝ"


def test_whoever_was_paid_a_claim_is_more_likely_to_have_an_account(population, rows):
    paid = set(population.policies.holder[population.claims.policy[population.claims.paid]].tolist())
    owners = [row["policyholder_id"] - 1 for row in rows("bank_account") if row["policyholder_id"]]
    assert sum(owner in paid for owner in owners) == min(len(owners), len(paid))
