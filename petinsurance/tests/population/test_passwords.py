"""Passwords are known to drills, and their hashes are what the application's own login verifies."""

import time
from collections import Counter

from petinsurance.accounts.hashers import OwaspArgon2PasswordHasher
from petinsurance.population import Population, known_passwords
from petinsurance.population.passwords import hashed, pools


def test_the_applications_login_accepts_the_hash_and_would_make_the_same():
    encoded = hashed(["sakura123"], seed=1)["sakura123"]
    login = OwaspArgon2PasswordHasher()
    assert encoded == (
        "argon2$argon2id$v=19$m=19456,t=2,p=1$SUtuVnZsclkzU3Q2bzR2bXNQM"
        "lJBVA$cK4da1qHus5nzIU3b/WCvN4xcRM3tnn3y1Ap+8EIEYU"
    )
    assert login.verify("sakura123", encoded)
    assert not login.verify("sakura124", encoded)
    assert not login.must_update(encoded)
    assert login.encode("sakura123", login.decode(encoded)["salt"]) == encoded


def test_pools_are_a_few_hundred_different_passwords():
    customers, staff, agency = pools(seed=1)
    everything = [*customers, *staff, *agency]
    assert len(everything) == len(set(everything)) == 220


def test_every_account_has_a_known_password(population):
    known = known_passwords(0.01, 1)
    assert set(known) == set(population.accounts.columns["login"].to_pylist())
    customers = Counter(known[login] for login in known if "@" in login)
    assert len(customers) > 100
    assert customers.most_common(1)[0][1] > 5


def test_members_log_in_with_the_address_in_their_record_and_every_agency_and_role_has_an_account(population, rows):
    accounts = population.accounts.columns
    emails = {row["id"]: row["email"] for row in rows("policyholder")}
    members = [
        (login, holder)
        for login, holder in zip(accounts["login"].to_pylist(), accounts["policyholder_id"].to_pylist(), strict=True)
        if holder
    ]
    assert len(members) == 501  # 35% of 1,430
    assert all(emails[holder] == login for login, holder in members)
    roles = Counter(accounts["role"].to_pylist())
    assert roles == {"call_centre": 3, "adjuster": 3, "liability_handler": 3, "agency": 2, "policyholder": 501}


def test_accounts_that_share_a_password_share_its_hash_and_hashing_takes_seconds():
    since = time.perf_counter()
    table = Population(0.001, 1).table("account")
    assert time.perf_counter() - since < 10
    plain = Population(0.001, 1).accounts.known_passwords()
    hashes = dict(zip(table["login"].to_pylist(), table["password"].to_pylist(), strict=True))
    assert len(set(hashes.values())) == len(set(plain.values()))
    assert all(len(encoded) <= 128 for encoded in hashes.values())
