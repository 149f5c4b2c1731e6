"""Which data item a column holds and whose row it is, written down for the drills alone.

The score would judge nothing if the truth were read from the inventory that kakuho is given; so this table is its own,
from the meaning of the columns. A column that is not named here holds no item of the notice.
"""

ITEMS = (
    "name", "address", "gender", "birth_date", "phone", "email",
    "policy_number", "claim_payments", "negotiation_history", "bank_account",
)  # fmt: skip

_CONTACT = {
    "name": "name",
    "kana": "name",
    "gender": "gender",
    "birth_date": "birth_date",
    "postal_code": "address",
    "address": "address",
    "phone": "phone",
    "email": "email",
}
_PARTNER = {"name": "name", "postal_code": "address", "address": "address"}

ITEM_OF: dict[str, dict[str, str]] = {
    "policyholder": _CONTACT,
    "quote": _CONTACT,
    "brochure_request": _CONTACT,
    "injured_third_party": _CONTACT | dict.fromkeys(("injury", "amount_paid", "paid_on"), "claim_payments"),
    "clinic": _PARTNER | {"kana": "name", "phone": "phone"},
    "agency": _PARTNER,
    "policy": {"policy_number": "policy_number"},
    "claim": dict.fromkeys(
        ("claim_number", "diagnosis", "treated_on", "received_on", "amount_billed", "amount_paid", "paid_on", "status"),
        "claim_payments",
    ),
    "negotiation_entry": {"body": "negotiation_history", "noted_at": "negotiation_history"},
    "bank_account": dict.fromkeys(
        ("bank_code", "bank_name", "branch_code", "branch_name", "account_type", "account_number", "holder_kana"),
        "bank_account",
    ),
    "account": {"login": "email"},
}

# Each row's data subject as SQL over the table `t`: the record it is, or the record that it hangs on.
SUBJECT_OF: dict[str, str] = {
    "policyholder": "'policyholder:' || t.id",
    "quote": "'quote:' || t.id",
    "brochure_request": "'brochure_request:' || t.id",
    "injured_third_party": "'injured_third_party:' || t.id",
    "clinic": "'clinic:' || t.id",
    "agency": "'agency:' || t.id",
    "policy": "'policyholder:' || t.policyholder_id",
    "claim": "(SELECT 'policyholder:' || policyholder_id FROM policy WHERE policy.id = t.policy_id)",
    "negotiation_entry": (
        "coalesce('injured_third_party:' || t.injured_third_party_id,"
        " (SELECT 'policyholder:' || policyholder_id FROM policy JOIN claim ON claim.policy_id = policy.id"
        " WHERE claim.id = t.claim_id))"
    ),
    "bank_account": (
        "coalesce('policyholder:' || t.policyholder_id, 'injured_third_party:' || t.injured_third_party_id,"
        " 'clinic:' || t.clinic_id, 'agency:' || t.agency_id)"
    ),
    "account": "'policyholder:' || t.policyholder_id",
}
