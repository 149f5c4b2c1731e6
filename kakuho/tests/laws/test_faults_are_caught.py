"""Each law, beside a fault put into the code: the law falls. A law that no fault could break would be no test.

The intrusions are the small ones that the search ended at.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import psycopg
import pyarrow.compute as pc
import pytest

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure import judge as judging
from kakuho.exposure.claims import CONFIRMED, POSSIBLE, Claims
from kakuho.exposure.methods import ledger
from kakuho.investigation import run

from . import test_laws as laws
from .whole import counted

WOMAN = laws.WOMAN
NAMELESS = {**WOMAN, "gender": ""}
Patch = pytest.MonkeyPatch
ALL_LOST = ("access_log", "hours", 2, 1)


def caught(law: Callable[..., None], *given: object) -> bool:
    """Whether the law's own body falls on this example."""
    try:
        law.hypothesis.inner_test(*given)  # type: ignore[attr-defined]
    except AssertionError:
        return True
    return False


def fallen(law: Callable[..., None], given: tuple[object, ...], put_in: Callable[[], None]) -> tuple[bool, bool]:
    """Whether it falls as the code is, and with the fault."""
    before = caught(law, *given)
    put_in()
    return before, caught(law, *given)


def test_1_falls_where_the_ledger_is_not_read(database: psycopg.Connection, monkeypatch: Patch) -> None:
    given = (database, [WOMAN], [], [("profile", 0, False)], [], False)
    fault = lambda: monkeypatch.setattr(judging, "ledger_claims", lambda *_: Claims.of())  # noqa: E731
    assert fallen(laws.test_1_nobody_is_missed, given, fault) == (False, True)


@pytest.mark.parametrize("act", [("lookup", 0), ("probe", 0), ("profile", 0, True)])
def test_1_falls_where_a_silent_access_log_is_taken_for_an_innocent_one(
    database: psycopg.Connection, monkeypatch: Patch, act: tuple[object, ...]
) -> None:
    given = (database, [{**WOMAN, "gender": "male"}], [], [("broken",), act], [ALL_LOST], False)
    fault = lambda: monkeypatch.setattr(run, "attribute_unseen", lambda *_: None)  # noqa: E731
    assert fallen(laws.test_1_nobody_is_missed, given, fault) == (False, True)


def test_1_falls_where_a_log_that_breaks_off_is_taken_for_whole(
    database: psycopg.Connection, monkeypatch: Patch
) -> None:
    acts, lost = (
        [("broken",), ("staff", 0, "whole")],
        [("access_log", "tail", 2, 1), ("disclosure_ledger", "tail", 2, 1)],
    )
    fault = lambda: monkeypatch.setattr(Coverage, "breaks_off", lambda *_: False)  # noqa: E731
    assert fallen(laws.test_1_nobody_is_missed, (database, [WOMAN], [], acts, lost, False), fault) == (False, True)


def test_2_falls_where_an_uncertain_session_confirms(database: psycopg.Connection, monkeypatch: Patch) -> None:
    acts = [("profile", 0, False), ("change", 0), ("owner", 0)]
    fault = lambda: monkeypatch.setattr(ledger, "POSSIBLE", CONFIRMED)  # noqa: E731
    given = (database, [NAMELESS], [], acts, [], False)
    assert fallen(laws.test_2_what_is_confirmed_truly_left, given, fault) == (False, True)


def test_3_falls_where_a_hole_in_a_log_is_taken_for_nothing(database: psycopg.Connection, monkeypatch: Patch) -> None:
    given = (database, [WOMAN], [], [("broken",), ("dump", False)], [], ("database_log", "hours", 2, 1))
    fault = lambda: monkeypatch.setattr(Coverage, "hides_nothing", lambda self, role, *_: self.has(role))  # noqa: E731
    law = laws.test_3_less_evidence_never_moves_a_cell_toward_ruled_out
    assert fallen(law, given, fault) == (False, True)


def test_4_falls_where_the_weakest_claim_wins(database: psycopg.Connection, monkeypatch: Patch) -> None:
    own = judging.verdict_sets

    def weakest(universe, claims, *more):
        doubted = set(claims.claims.filter(pc.equal(claims.claims["certainty"], POSSIBLE))["subject"].to_pylist())
        sure = [
            row for row in claims.claims.to_pylist() if row["subject"] not in doubted or row["certainty"] == POSSIBLE
        ]
        kept = claims.claims.schema.empty_table().from_pylist(sure, schema=claims.claims.schema)
        return own(universe, Claims(kept, claims.sets, claims.events, claims.masked), *more)

    given = (database, [WOMAN], [], [("profile", 0, False)], [("owner", 0)], [])
    fault = lambda: monkeypatch.setattr(judging, "verdict_sets", weakest)  # noqa: E731
    assert fallen(laws.test_4_more_claims_never_lower_a_verdict, given, fault) == (False, True)


def test_5_falls_where_only_one_file_of_a_log_is_read(database: psycopg.Connection, monkeypatch: Patch) -> None:
    own = judging._events

    def of_the_first(attacker, events, *more):
        return own(attacker, events.filter(events.source_id == events.source_id.min()), *more)

    acts = [("staff", 0, "whole"), ("staff", 1, "whole")]
    lost = [("disclosure_ledger", "gone", 0, 1)]
    given = (database, [WOMAN] * 2, [], acts, lost, "line by line", random.Random(1))
    fault = lambda: monkeypatch.setattr(judging, "_events", of_the_first)  # noqa: E731
    law = laws.test_5_order_repetition_and_division_change_nothing
    assert fallen(law, given, fault) == (False, True)


def test_7_falls_where_one_number_is_not_counted(database: psycopg.Connection, monkeypatch: Patch) -> None:
    own = counted.facts

    def one_more(*given):
        found = own(*given)
        found["A001.holder.records.affected"]["value"] += 1
        return found

    given = (database, [WOMAN], [], [("profile", 0, False)], [], random.Random(1))
    fault = lambda: monkeypatch.setattr(counted, "facts", one_more)  # noqa: E731
    law = laws.test_7_every_number_is_counted_off_one_assessment_and_comes_out_the_same
    assert fallen(law, given, fault) == (False, True)
