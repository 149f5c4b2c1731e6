"""When a statement's rows are known to have reached the intruder."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kakuho.exposure.statements import collect
from kakuho.inventory import load_inventory

INVENTORY = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake


def _line(number: int, **more: Any) -> dict[str, Any]:
    return {
        "time": TIME + timedelta(seconds=number),
        "source_id": 1,
        "line": number,
        "byte_offset": number * 100,
        "db_user": "backup_operator",
        "session_id": "67db.1",
        "session_line": number,
        "duration_us": None,
        "statement": f"SELECT name FROM holder WHERE id = {number}",
        "parameters": None,
        "outcome": "success",
        "message": None,
        "certain": True,
        **more,
    }


def _shown(*lines: dict[str, Any]) -> list[bool]:
    return [statement.shown for statement in collect([], lines, INVENTORY)]


def test_the_very_next_line_of_the_session_shows_that_a_statement_ended() -> None:
    assert _shown(_line(1), _line(2)) == [True, False]


def test_where_a_line_between_is_lost_an_error_may_have_stood_there() -> None:
    assert _shown(_line(1), _line(3)) == [False, False]
    assert _shown(_line(1), _line(2, session_id="67db.2")) == [False, False]


def test_a_duration_is_written_at_the_end() -> None:
    assert _shown(_line(1, duration_us=700)) == [True]


def test_a_role_that_serves_pages_is_told_apart_by_an_address_that_the_application_does_not_use() -> None:
    assert _shown(_line(1, db_user="web", own=True), _line(2, db_user="web", own=True)) == [True, False]


def test_the_end_of_the_session_shows_that_its_last_statement_ended() -> None:
    end = {"statement": None, "kind": "connection"}
    assert _shown(_line(1), _line(2, **end)) == [True]
    assert _shown(_line(1), _line(2, statement=None, kind="other", message="could not send data to client")) == [False]


@pytest.mark.parametrize("more", [{"outcome": "failure"}, {"certain": False}, {"db_user": "web"}])
def test_what_failed_or_may_be_anothers_or_a_pages_was_not_shown_by_that(more: dict[str, Any]) -> None:
    assert _shown(_line(1, duration_us=700, **more)) == [False]
