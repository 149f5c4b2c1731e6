"""Passwords as people choose them, and their hashes as Django's login expects them.

Everything here is made for drills: the plain passwords are known on purpose and salts follow from the seed.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from argon2.low_level import ARGON2_VERSION, Type, hash_secret

from petinsurance.population.dice import Dice
from petinsurance.population.names import given_names
from petinsurance.population.pets import PET_NAMES

#: OWASP's minimum for Argon2id (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane), as the login's own hasher.
TIME_COST, MEMORY_COST_KIB, PARALLELISM, HASH_LENGTH = 2, 19_456, 1, 32
#: Django's salts: letters and digits, 128 bits of entropy need 22 of them.
_SALT_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SALT_LENGTH = 22

CUSTOMERS_POOL, STAFF_POOL, AGENCY_POOL = 200, 12, 8
_USUAL = (
    *("password1", "qwerty123", "1qaz2wsx", "abcd1234", "12345678", "asdfghjkl", "sakura123", "password123"),
    *("doraemon", "pokemon1", "iloveyou1", "zaq12wsx", "qazwsxedc", "aaaa1111", "1q2w3e4r", "arashi555"),
    *("hanshin1985", "fukuoka092", "nekodaisuki", "inu12345"),
)
_STAFF_WORDS = ("kawasemi", "tanuki", "himawari", "ginga", "sazanami", "kumagera", "momiji", "asagao", "hotaru")


def pools(seed: int) -> tuple[list[str], list[str], list[str]]:
    """Customers' passwords (the most usual first), staff's, agencies'; all different."""
    dice = Dice(seed, "passwords")
    customers = list(_USUAL)
    while len(customers) < CUSTOMERS_POOL:
        word = _customer_word(dice)
        if word not in customers:
            customers.append(word)
    staff = [
        f"{_any(dice, _STAFF_WORDS)}-{dice.between(1, 1000, 9999)[0]}-{number:02d}" for number in range(STAFF_POOL)
    ]
    agency = [f"Dairiten{year}!" for year in range(2018, 2018 + AGENCY_POOL)]
    return customers, staff, agency


def hashed(passwords: list[str], seed: int) -> dict[str, str]:
    """Each password's hash in the format of Django's `argon2` hasher; each salted once."""

    def one(password: str) -> str:
        digest = hash_secret(
            password.encode(),
            _salt(password, seed).encode(),
            time_cost=TIME_COST,
            memory_cost=MEMORY_COST_KIB,
            parallelism=PARALLELISM,
            hash_len=HASH_LENGTH,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
        return "argon2" + digest.decode("ascii")

    with ThreadPoolExecutor(max_workers=2) as threads:  # argon2 releases the lock
        return dict(zip(passwords, threads.map(one, passwords), strict=True))


def _salt(password: str, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}/salt/{password}".encode()).digest()
    return "".join(_SALT_LETTERS[byte % len(_SALT_LETTERS)] for byte in digest[:_SALT_LENGTH])


def _customer_word(dice: Dice) -> str:
    """A pet's or a person's name with a year or a birthday, some with a capital, some with a sign."""
    names = [romaji for _, romaji, _ in PET_NAMES] if dice.chance(1, 0.7)[0] else given_names().romaji.to_pylist()
    word, kind = _any(dice, names), dice.below(1, 4)[0]
    number = (
        f"{dice.between(1, 2008, 2024)[0]}",
        f"{dice.between(1, 1, 12)[0]:02d}{dice.between(1, 1, 28)[0]:02d}",
        f"{dice.between(1, 0, 99)[0]:02d}{word[:2]}",
        "123",
    )[kind]
    if dice.chance(1, 0.4)[0]:
        word = word.capitalize()
    return word + number + ("!" if dice.chance(1, 0.2)[0] else "")


def _any(dice: Dice, words: Sequence[str]) -> str:
    return words[int(dice.below(1, len(words))[0])]
