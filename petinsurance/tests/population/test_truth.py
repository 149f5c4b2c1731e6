"""The truth: every record is about exactly one person, and the overlaps of the real world are there."""

from collections import Counter, defaultdict

from petinsurance.population import person_truth
from petinsurance.population.names import surnames

CATEGORIES = ("policyholder", "quote", "brochure_request", "injured_third_party", "clinic", "agency")


def by_person(population):
    known = defaultdict(list)
    for row in population.truth.to_pylist():
        known[row["person"]].append(row["subject"].partition(":")[0])
    return known


def test_the_truth_partitions_the_subjects(population, tables):
    subjects = population.truth["subject"].to_pylist()
    assert len(set(subjects)) == len(subjects)
    expected = {f"{name}:{row}" for name in CATEGORIES for row in range(1, tables[name].num_rows + 1)}
    assert set(subjects) == expected
    persons = set(population.truth["person"].to_pylist())
    assert persons == set(range(1, len(persons) + 1))


def test_it_is_had_without_the_population(population):
    assert person_truth(0.01, 1) == population.truth


def test_people_appear_in_more_than_one_category(population):
    kinds = Counter(frozenset(records) for records in by_person(population).values())
    assert kinds[frozenset({"policyholder", "quote"})] > 500
    assert kinds[frozenset({"policyholder"})] > 400
    injured = [records for records in by_person(population).values() if "injured_third_party" in records]
    assert any("policyholder" in records for records in injured)


def test_some_people_asked_twice_and_some_were_registered_twice(population):
    assert sum(records.count("quote") == 2 for records in by_person(population).values()) > 100
    assert sum(records.count("policyholder") == 2 for records in by_person(population).values()) == 9


def test_organisations_are_no_persons(population):
    for records in by_person(population).values():
        assert len(records) == 1 or not {"clinic", "agency"} & set(records)


def test_the_same_person_has_the_same_birth_date_and_given_name_everywhere(population, persons):
    person_of = dict(zip(*(population.truth[name].to_pylist() for name in ("subject", "person")), strict=True))
    births = defaultdict(set)
    for row in persons:
        if row["birth_date"]:
            births[person_of[row["subject"]]].add(row["birth_date"])
    assert all(len(dates) == 1 for dates in births.values())


def test_some_women_asked_under_one_surname_and_bought_under_another(population, rows):
    people = population.people
    bought = dict(zip(population.cast.policyholder.person.tolist(), rows("policyholder"), strict=True))
    changed = []
    for row, person in zip(rows("quote"), population.cast.quote.person.tolist(), strict=True):
        former = surnames().kana[people.former_surname[person]].as_py()
        present = surnames().kana[people.surname[person]].as_py()
        record = bought.get(person, {"kana": ""})
        if former != present and row["kana"].startswith(former) and record["kana"].startswith(present):
            changed.append((bool(people.male[person]), row["birth_date"] == record["birth_date"]))
    assert changed
    assert set(changed) == {(False, True)}


def test_everyone_was_of_age_at_the_first_contract_or_request(persons):
    for row in persons:
        if row["birth_date"] and "created_at" in row:
            assert (row["created_at"].date() - row["birth_date"]).days >= 18 * 365.25 - 1, row["subject"]
