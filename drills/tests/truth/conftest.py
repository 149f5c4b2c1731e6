"""A small world whose rows are written out, so that each cell below can be checked by eye."""

import pytest

from drills.truth.holdings import Holdings


@pytest.fixture
def holdings() -> Holdings:
    """Two policyholders of the same name in one household, one with a claim and a bank account; two clinics."""
    held = Holdings()
    for key, email in (("1", "hanako@example.jp"), ("2", "taro@example.jp")):
        held.add(
            "policyholder",
            key,
            f"policyholder:{key}",
            {
                "name": "山田 薫",
                "kana": "ヤマダ カオル",
                "gender": "female",
                "birth_date": "1980-01-02",
                "postal_code": "1500001",
                "address": "東京都渋谷区神宮前1-2-3",
                "phone": "03-1234-5678",
                "email": email,
            },
        )
        held.subject_of_login[email] = f"policyholder:{key}"
    held.add("policy", "11", "policyholder:1", {"policy_number": "P100000011"})
    held.add("policy", "12", "policyholder:2", {"policy_number": "P100000012"})
    held.subject_of_policy_number |= {"P100000011": "policyholder:1", "P100000012": "policyholder:2"}
    held.add("claim", "7", "policyholder:1", {"claim_number": "C7000001", "diagnosis": "外耳炎", "amount_paid": "8400"})
    held.claim_of_number["C7000001"] = ("claim", "7")
    held.clinic_of_claim["claim", "7"] = "clinic:3"
    held.add("clinic", "3", "clinic:3", {"name": "さくら動物病院", "phone": "06-1111-2222"})
    held.add("clinic", "4", "clinic:4", {"name": "さくら動物病院", "phone": "06-3333-4444"})
    held.add("bank_account", "5", "policyholder:1", {"bank_name": "みずほ銀行", "account_number": "0012345"})
    held.add("quote", "9", "quote:9", {"name": "鈴木 誠", "phone": "", "email": None})
    return held
