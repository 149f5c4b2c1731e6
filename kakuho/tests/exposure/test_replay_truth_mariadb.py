"""Replay of MySQL statements against the oracle on a real MariaDB: 2,100 of them with ``--hypothesis-profile=laws``.

``pytest kakuho/tests/exposure/test_replay_truth_mariadb.py -s`` prints how wide replay was.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from kakuho.engine.mariadb import MariadbServer
from kakuho.engine.mariadb_answers import MariadbAnswers
from kakuho.exposure.history import History

from .oracle.comparing import Tally
from .oracle.mysql.changing import live_on
from .oracle.mysql.comparing import claims_of, rows_left
from .oracle.mysql.database import ROWS
from .oracle.mysql.grammar import MysqlGrammar
from .oracle.mysql.truth import Connection, create, fill, truth_of

pytestmark = pytest.mark.needs_mariadb

SEED = 7


@dataclass
class Database:
    """``live``: the intruder's own connection; ``answers``: replay's."""

    live: Connection[Any]
    answers: MariadbAnswers


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        MariadbServer(Path(folder) / "server") as server,
        server.connect() as live,
    ):
        with live.cursor() as cursor:
            cursor.execute("CREATE DATABASE shop")
            cursor.execute("USE shop")
        create(live)
        answers = MariadbAnswers(lambda: server.connect("shop"), seconds=30, is_same_system=True)
        yield Database(live, answers)
        answers.close()


def test_what_mariadb_told_is_claimed_and_what_is_confirmed_stood_in_the_output(database: Database) -> None:
    grammar, tally = MysqlGrammar(SEED), Tally()
    for _ in range(7 * settings.default.max_examples):
        text = grammar.statement()
        tally.add(text, truth_of(database.live, text), claims_of(database.answers, database.live, text))
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.failed < tally.statements / 3
    assert tally.told > 0
    assert tally.confirmed > 0


def test_the_same_holds_where_the_server_takes_texts_apart_by_other_settings(database: Database) -> None:
    grammar, tally = MysqlGrammar(SEED + 2), Tally()
    with database.live.cursor() as cursor:
        cursor.execute("SELECT @@sql_mode")
        before = cursor.fetchall()[0][0]
        cursor.execute("SET SESSION sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES,NO_BACKSLASH_ESCAPES'")
        for _ in range(5 * settings.default.max_examples):
            text = grammar.statement()
            tally.add(text, truth_of(database.live, text), claims_of(database.answers, database.live, text))
        cursor.execute("SET SESSION sql_mode = %s", (before,))
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.told > 0


@pytest.mark.parametrize("log_is_whole", [True, False])
def test_the_same_holds_of_a_snapshot_taken_later(database: Database, log_is_whole: bool) -> None:
    grammar, tally, chance = MysqlGrammar(SEED + 1), Tally(), random.Random(SEED)
    for _ in range(2 * settings.default.max_examples):
        text = grammar.statement()
        truth = truth_of(database.live, text)
        history = live_on(database.live, chance)
        claimed = claims_of(database.answers, database.live, text, history if log_is_whole else History(known=False))
        tally.add(text, truth, claimed, rows_left(database.live))
        for table in ROWS:
            fill(database.live, table)
    print("\n".join(["", *tally.lines()]))
    assert tally.missed == []
    assert tally.wrongly_confirmed == []
    assert tally.told > 0
