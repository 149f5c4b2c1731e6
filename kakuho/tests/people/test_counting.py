"""Records, persons and organisations are three different numbers."""

from __future__ import annotations

import pyarrow as pa

from kakuho.people import Count, count_persons


def test_a_person_in_two_categories_counts_once_in_each_and_once_in_the_total(link, taro):
    persons = link(
        {
            "policyholder:1": taro,
            "policyholder:2": taro,
            "quote:1": taro,
            "quote:2": {**taro, "birth_date": "1999-09-09"},
            "clinic:1": taro,
            "agency:1": taro,
        }
    ).persons
    counts = count_persons(persons, persons)
    assert counts.of("policyholder") == Count(records=2, persons=1)
    assert counts.of("prospect") == Count(records=2, persons=2)
    assert counts.of("clinic") == Count(records=1, organisations=1)
    assert counts.of("agency") == Count(records=1, organisations=1)
    assert counts.total == Count(records=6, persons=2, organisations=1)


def test_only_the_affected_records_count(link, taro):
    persons = link({"policyholder:1": taro, "quote:1": taro}).persons
    counts = count_persons(persons, pa.array(["quote:1", "quote:999"]))
    assert counts.of("policyholder") == Count()
    assert counts.total == Count(records=1, persons=1)


def test_nobody_affected_counts_zero(link, taro):
    persons = link({"policyholder:1": taro}).persons
    assert count_persons(persons, pa.array([], pa.string())).total == Count()
