"""Laws of linking: the order of the input changes nothing; a person never has two birth dates."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

NAMES = st.sampled_from(
    [("山田 太郎", "ヤマダ タロウ"), ("山田太郎", None), ("山田 多郎", "ﾔﾏﾀﾞ ﾀﾛｳ"), ("東 茂", "アズマ シゲル")]
)
RECORD = st.builds(
    lambda name, gender, birth, place, phone, email: {
        "name": name[0], "kana": name[1], "gender": gender, "birth_date": birth,
        "postal_code": "1000005", "address": place, "phone": phone, "email": email,
    },
    NAMES,
    st.sampled_from(["male", "female", "unspecified", None]),
    st.sampled_from(["1970-05-01", "1970-05-01", "1980-01-31", None]),
    st.sampled_from(["丸の内1-2", "丸の内１丁目２", None]),
    st.sampled_from(["09011112222", "090-1111-2222", "08033334444", "", None]),
    st.sampled_from(["a@example.jp", "b@example.jp", None]),
)  # fmt: skip
RECORDS = st.lists(
    st.tuples(st.sampled_from(["policyholder", "quote", "clinic"]), RECORD), min_size=1, max_size=12
).map(lambda rows: {f"{collection}:{number}": record for number, (collection, record) in enumerate(rows)})


@settings(max_examples=25, deadline=None)
@given(records=RECORDS, random=st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(link, records, random):
    shuffled = list(records.items())
    random.shuffle(shuffled)
    first, second = link(records), link(dict(shuffled))
    assert first.persons.equals(second.persons)
    assert first.conflicts.equals(second.conflicts)


@settings(max_examples=25, deadline=None)
@given(records=RECORDS)
def test_a_person_never_has_two_birth_dates_and_organisations_are_no_persons(link, records):
    rows = link(records).persons.to_pylist()
    assert [row["subject"] for row in rows] == sorted(records)
    kinds: dict[str, set[str]] = {}
    births: dict[str, set[str | None]] = {}
    for row in rows:
        kinds.setdefault(row["person_id"], set()).add(row["kind"])
        if row["kind"] == "person":
            births.setdefault(row["person_id"], set()).add(records[row["subject"]]["birth_date"])
    assert all(len(found) == 1 for found in kinds.values())
    assert all(len(found) == 1 for found in births.values())


@settings(max_examples=15, deadline=None)
@given(records=RECORDS)
def test_a_person_is_named_by_its_smallest_record(persons, records):
    found = persons(records)
    assert all(found[person] == person for person in found.values())
    assert all(person <= subject for subject, person in found.items())
