"""How fast the disclosure ledger writes, beside peers in the same run: ``python -m benchmarks.ledger_write``.

An event shows 3 items of each of some persons, as a staff page with a list does. The peers store the same event
without chain and checkpoints: a line by stdlib logging, never made durable, and a row a person in SQLite (WAL, a commit
an event). The ledger's rate includes a checkpoint every 100 events, made durable once a second; its median does not.
The writers take turns, and the best of ROUNDS rounds counts, so that other work on the machine weighs least.
"""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

from disclosure_ledger import Actor, Disclosure, Ledger, verify

ROUNDS = 20
ITEMS = ("address", "name", "phone")
ACTOR = Actor("staff", "account:3", role="claims")
ROUTE = "/staff/policyholders/"


def ledger_writer(ledger: Ledger, subjects: list[str]) -> Callable[[], object]:
    def write() -> object:
        disclosures = [Disclosure(subject, ITEMS) for subject in subjects]
        return ledger.record(actor=ACTOR, disclosures=disclosures, method="GET", route=ROUTE, status=200)

    return write


def logging_writer(directory: Path, subjects: list[str]) -> Callable[[], object]:
    handler = logging.FileHandler(directory / "peer.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.Logger("peer")
    logger.addHandler(handler)

    def write() -> object:
        disclosures = [{"subject": subject, "items": ITEMS} for subject in subjects]
        logger.info(json.dumps({"actor": ACTOR.to_record(), "disclosures": disclosures, "route": ROUTE}))
        return None

    return write


def sqlite_writer(connection: sqlite3.Connection, subjects: list[str]) -> Callable[[], object]:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE disclosure (time REAL, actor TEXT, route TEXT, subject TEXT, items TEXT)")

    def write() -> object:
        now = time.time()
        rows = [(now, ACTOR.id, ROUTE, subject, ",".join(ITEMS)) for subject in subjects]
        with connection:
            return connection.executemany("INSERT INTO disclosure VALUES (?, ?, ?, ?, ?)", rows)

    return write


def seconds_of_each(write: Callable[[], object], events: int) -> list[float]:
    seconds = []
    for _ in range(events):
        start = time.perf_counter()
        write()
        seconds.append(time.perf_counter() - start)
    return seconds


def measure(events: int, subjects: int) -> dict[str, dict[str, float]]:
    """By writer: events a second in its best round, and the median milliseconds of an event."""
    names = [f"policyholder:{number}" for number in range(subjects)]
    with ExitStack() as opened:
        directory = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        plain = opened.enter_context(Ledger.open(directory / "plain", system="benchmark"))
        keyed = opened.enter_context(Ledger.open(directory / "keyed", system="benchmark", key=bytes(32)))
        connection = opened.enter_context(closing(sqlite3.connect(directory / "peer.db")))
        writers = {
            "disclosure-ledger": ledger_writer(plain, names),
            "disclosure-ledger, keyed": ledger_writer(keyed, names),
            "logging to a file": logging_writer(directory, names),
            "sqlite, a row a person": sqlite_writer(connection, names),
        }
        rounds = [{name: seconds_of_each(write, events) for name, write in writers.items()} for _ in range(ROUNDS)]
        if verify(directory / "plain").events != ROUNDS * events:
            raise SystemExit("the ledger does not hold the events that were written")
    return {
        name: {
            "events_per_second": events / min(sum(one[name]) for one in rounds),
            "median_ms": 1000 * median(seconds for one in rounds for seconds in one[name]),
        }
        for name in writers
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--subjects", type=int, nargs="+", default=[1, 50])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {subjects: measure(arguments.events, subjects) for subjects in arguments.subjects}
    if arguments.json:
        print(json.dumps(results, indent=2))
        return
    for subjects, result in results.items():
        print(f"{subjects} person(s) an event")
        for name, figures in result.items():
            rate = f"{figures['events_per_second']:8,.0f} events/s  median {figures['median_ms']:.3f} ms"
            ratio = figures["events_per_second"] / result["disclosure-ledger"]["events_per_second"]
            print(f"  {name:26} {rate}  {ratio:5.2f} x the ledger's rate")


if __name__ == "__main__":
    main()
