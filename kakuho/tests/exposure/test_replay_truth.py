"""Replay against the oracle: 2,100 generated statements with ``make laws``, and what a regression suite would try.

``pytest kakuho/tests/exposure/test_replay_truth.py --hypothesis-profile=laws -s`` prints how wide replay was.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from kakuho.engine.postgresql import EmbeddedServer
from kakuho.exposure.history import History

from .oracle.changing import live_on, restore
from .oracle.comparing import Tally, claims_of, rows_left
from .oracle.grammar import Grammar
from .oracle.regression import statements
from .oracle.truth import create, truth_of

SEED = 5
ROUNDS = min(settings.default.max_examples, 300)


@pytest.fixture(scope="module")
def database() -> Iterator[psycopg.Connection]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        EmbeddedServer(Path(folder) / "server") as server,
        psycopg.connect(server.connection_string(), autocommit=True) as connection,
    ):
        create(connection)
        yield connection


def test_what_postgresql_told_is_claimed_and_what_is_confirmed_stood_in_the_output(
    database: psycopg.Connection,
) -> None:
    grammar, tally = Grammar(SEED), Tally()
    for _ in range(7 * ROUNDS):
        text = grammar.statement()
        tally.add(text, truth_of(database, text), claims_of(database, text))
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.failed < tally.statements / 3
    assert tally.told > 0
    assert tally.confirmed > 0


def test_the_same_holds_of_what_a_regression_suite_tries(database: psycopg.Connection) -> None:
    tally = Tally()
    for text in statements():
        tally.add(text, truth_of(database, text), claims_of(database, text))
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.confirmed > 0


@pytest.mark.parametrize("log_is_whole", [True, False])
def test_the_same_holds_of_a_snapshot_taken_later(database: psycopg.Connection, log_is_whole: bool) -> None:
    grammar, tally, chance = Grammar(SEED + 1), Tally(), random.Random(SEED)
    for _ in range(2 * ROUNDS):
        text = grammar.statement()
        truth = truth_of(database, text)
        history = live_on(database, chance)
        claimed = claims_of(database, text, history if log_is_whole else History(known=False))
        tally.add(text, truth, claimed, rows_left(database))
        restore(database)
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.told > 0
