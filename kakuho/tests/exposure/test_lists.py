"""Which rows a page of a list can have shown."""

from __future__ import annotations

from datetime import datetime

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.exposure.history import History
from kakuho.exposure.methods.lists import listed, number_of
from kakuho.inventory import Collection, DataField, Pages

KNOWN = History(known=True)
FIRST = datetime.fromisoformat("2025-03-20T12:00:00")
QUOTE = Collection(name="quote", key="id", record_of="prospect", created_at="made", fields=(DataField(name="id"),))
BY_KEY = Pages(size=3, order=("id",))


def _table(made: dict[int, str]) -> ibis.Table:
    keys, times = list(made), [f"{time}+00" for time in made.values()]
    return ibis.memtable(pa.table({"id": pa.array(keys, pa.int64()), "made": pa.array(times, pa.string())}))


OLD = dict.fromkeys(range(1, 11), "2025-01-01 00:00:00")


def _shown(made: dict[int, str], number: int, pages: Pages = BY_KEY, history: History = KNOWN) -> list[int] | None:
    laid = listed(_table(made), QUOTE, pages, history, FIRST)
    return None if laid is None else sorted(map(int, laid.shown(number)))


def test_a_page_shows_so_many_rows_in_the_order_of_the_list() -> None:
    assert _shown(OLD, 1) == [1, 2, 3]
    assert _shown(OLD, 2) == [4, 5, 6]
    assert _shown(OLD, 1, Pages(size=3, order=("-id",))) == [8, 9, 10]


def test_keys_are_compared_as_numbers_and_times_as_times() -> None:
    made = {2: "2025-01-01 00:00:00.5", 10: "2025-01-01 00:00:00", 1: "2025-01-01 00:00:00.51"}
    assert _shown(made, 1, Pages(size=2, order=("-made", "-id"))) == [1, 2]


def test_behind_the_last_page_the_last_may_have_been_shown() -> None:
    assert _shown(OLD, 99) == [8, 9, 10]


def test_rows_made_since_the_first_request_may_have_been_in_front() -> None:
    """They may stand on the page, and push others onto it that stand before it now."""
    made = OLD | {11: "2025-03-20 13:00:00", 12: "2025-03-20 14:00:00"}
    assert _shown(made, 2, Pages(size=3, order=("-id",))) == [5, 6, 7, 8, 9, 11, 12]


def test_where_rows_may_be_gone_a_page_tells_nothing() -> None:
    assert _shown(OLD, 1, history=History(known=False)) is None
    assert _shown(OLD, 1, history=History(known=True, removed=frozenset({"quote"}))) is None
    assert _shown(OLD, 1, history=History(known=True, removed=frozenset({"policy"}))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("query", "number"),
    [(None, 1), ("", 1), ("page=3", 3), ("page=3&q=%E4%BD%90", None), ("q=x", None), ("page=0", None),
     ("page=last", None), ("page=", None), ("page=1&page=2", None), ("page=%EF%BC%93", None), ("Page=2", None)],
)  # fmt: skip
def test_a_request_for_anything_but_a_page_may_have_shown_any_rows(query: str | None, number: int | None) -> None:
    assert number_of(query, BY_KEY) == number


@given(
    st.lists(st.integers(1, 40), unique=True, max_size=30),
    st.lists(st.integers(41, 60), unique=True, max_size=6),
    st.integers(1, 6),
    st.integers(1, 8),
    st.booleans(),
    st.data(),
)
def test_no_row_that_stood_on_the_page_is_left_out(early, late, size, number, backwards, data) -> None:
    """``late`` rows are made one by one while the intruder reads; the page shows whatever is there by then."""
    there = early + late[: data.draw(st.integers(0, len(late)))]
    page = sorted(there, reverse=backwards)[(number - 1) * size : number * size]
    made = dict.fromkeys(early, "2025-01-01 00:00:00") | dict.fromkeys(late, "2025-03-20 13:00:00")
    shown = _shown(made, number, Pages(size=size, order=("-id" if backwards else "id",)))
    assert shown is not None
    assert set(page) <= set(shown)
