"""Values out of JSON records: whatever stands there, a column gets what it can hold."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.formats.json_records import (
    NOT_JSON,
    address_of,
    as_json,
    integer_of,
    iso_of,
    json_of,
    microseconds,
    port_of,
    status_of,
    text_of,
    utc_microseconds,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2014-07-16T15:49:27Z", 1405525767000000),
        ("2018-07-05T15:01:09.820360-0400", 1530817269820360),
        ("2019-03-29T21:10:39.7868321Z", 1553893839786832),
        ("2025-03-19T09:00:01.5+09:00", 1742342401500000),
        ("2014-07-16T15:49:27", None),
        ("2014-07-16", None),
        ("2014-02-30T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:00", None),
        (20140716, None),
    ],
)
def test_a_time_needs_its_zone(stamp: object, expected: int | None) -> None:
    assert utc_microseconds(stamp) == expected


def test_addresses_of_one_host_have_one_form() -> None:
    assert [
        address_of(text) for text in ("::ffff:192.0.2.1", "192.0.2.1", "2001:DB8:0:0::1", "LOCAL", "", None, 7)
    ] == [
        "192.0.2.1",
        "192.0.2.1",
        "2001:db8::1",
        None,
        None,
        None,
        None,
    ]


def test_numbers_that_fit_no_column_are_left_out() -> None:
    assert [integer_of(value) for value in (7, "7", "0x1f", 7.9, True, "x", 1 << 63, "9" * 30, float("inf"))] == [
        7,
        7,
        31,
        7,
        None,
        None,
        None,
        None,
        None,
    ]
    assert [port_of(value) for value in (443, "443", -1, 65536)] == [443, 443, None, None]
    assert [status_of(value) for value in (200, "404", 0, 1000)] == [200, 404, None, None]


def test_what_orjson_refuses_is_read_all_the_same() -> None:
    assert json_of(b'{"a": NaN, "b": "\\ud800x", "c": "tab\there"}') == {"a": "nan", "b": "\\ud800x", "c": "tab\there"}
    assert json_of(b"{" * 100_000) is NOT_JSON
    assert json_of(b'{"a": 1') is NOT_JSON


@given(ANYTHING)
def test_every_value_becomes_one_that_its_column_holds(value: Any) -> None:
    try:
        line = json.dumps(value).encode()
    except ValueError:
        return
    read = json_of(line)
    pa.array([text_of(read)], pa.string())
    pa.array([integer_of(read)], pa.int64())
    pa.array([port_of(read), status_of(read)], pa.int32())
    times = pa.array([microseconds(read), utc_microseconds(read)], pa.timestamp("us"))
    assert len(times.to_pylist()) == 2
    assert json.loads(as_json(read)) == json.loads(as_json(json_of(as_json(read).encode())))


@given(st.text())
def test_no_text_makes_a_time_fail(text: str) -> None:
    for value in (text, f"2014-07-16T15:49:27{text}", f"{text}2014-07-16T15:49:27Z"):
        found = utc_microseconds(value)
        assert found is None or iso_of(found).endswith("Z")
    assert microseconds(text) is None or isinstance(microseconds(text), int)
