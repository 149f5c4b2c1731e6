"""From a log to what the attacker obtained: candidates, templates, questions, the oracle, values."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kakuho.evidence.formats.base import NOTHING_DECLARED, Declared
from kakuho.exposure.injection.batches import Asked, Batch, Targets, asked_by, batches_of, constant_answers
from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.in_band import asked_in_band
from kakuho.exposure.injection.letters import folds_case, like_folds_case, orders_by_code
from kakuho.exposure.injection.oracle import Oracle, Response, content_oracle
from kakuho.exposure.injection.pooled import Pool, pool_of
from kakuho.exposure.injection.questions import Comparing
from kakuho.exposure.injection.reading import Log, read_log
from kakuho.exposure.injection.requests import Requests
from kakuho.exposure.injection.results import Extraction
from kakuho.exposure.injection.slowness import duration_oracle, stamp_oracle
from kakuho.exposure.injection.solve import UNKNOWN, Answers
from kakuho.exposure.injection.systems import system_of
from kakuho.exposure.injection.templates import BOOLEAN, Reading, read_payload
from kakuho.exposure.injection.timing import delays_of, gaps_of
from kakuho.exposure.injection.values import values_of


def decode_log(
    path: Path, *, dbms: str | None = None, chosen: str | None = None, declared: Declared = NOTHING_DECLARED,
    advance: Callable[[int], None] = lambda size: None,
) -> tuple[list[Extraction], Log]:  # fmt: skip
    """What was extracted by injection, as a log shows it. Raises UsageError where the file is no HTTP log."""
    log = read_log(path, chosen=chosen, declared=declared, advance=advance)
    return decode(log.requests, dbms=dbms), log


def decode(requests: Requests, *, dbms: str | None = None) -> list[Extraction]:
    """The extractions, by place and technique."""
    readings = [read_payload(one.payload, one.slots) for one in requests.examples]
    extra = np.array(
        [len(html.escape(one.payload, quote=True)) - len(one.payload) for one in requests.examples], np.int64
    )
    system = dbms or system_of(
        one.payload for one, reading in zip(requests.examples, readings, strict=True) if reading is not None
    )
    found: list[Extraction] = []
    for place in range(len(requests.places)):
        batches = batches_of(requests, place, readings)
        if batches:
            found += _of_place(requests, place, batches, system, extra)
    return found


def _of_place(
    requests: Requests, place: int, batches: list[Batch], system: str | None, extra: Integers
) -> list[Extraction]:
    comparing = Comparing(folds_case(system), orders_by_code(system), like_folds_case(system))
    by_technique: dict[str, list[Asked]] = defaultdict(list)
    known: Targets = {}
    for batch in batches:
        asked = asked_by(batch, comparing, known)
        if asked is not None:
            by_technique[asked.template.technique].append(asked)
    certain = _certain(requests, batches)
    named = requests.places[place]
    found: list[Extraction] = []
    for technique, asked_ones in by_technique.items():
        pool = pool_of(asked_ones)
        if pool is None:
            continue
        answers, kind = _answers(requests, pool, technique, certain, extra)
        if kind is None:
            continue
        values = values_of(pool, answers, requests.line, system)
        if values:
            found.append(Extraction(named.host, named.path, named.parameter, system, technique, kind, tuple(values)))
    for technique, told in asked_in_band(requests, batches).items():
        found.append(Extraction(named.host, named.path, named.parameter, system, technique, "response", tuple(told)))
    return found


def _certain(requests: Requests, batches: list[Batch]) -> dict[tuple[int, int], int]:
    """Classes of answers (status and size) that constant conditions got, where they say one thing."""
    rows, held = constant_answers(batches)
    said: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row, one in zip(rows.tolist(), held.tolist(), strict=True):
        said[(int(requests.status[row]), int(requests.size[row]))].add(one)
    return {name: next(iter(ones)) for name, ones in said.items() if len(ones) == 1}


def _answers(
    requests: Requests, pool: Pool, technique: str, certain: dict[tuple[int, int], int], extra: Integers
) -> tuple[Answers, str | None]:
    """The answer of each question, by the oracle of its wrapper; of all wrappers together where that tells nothing."""
    answers = np.full(len(pool.key), UNKNOWN, np.int8)
    kinds: dict[str, int] = defaultdict(int)
    every = np.arange(len(pool.key))
    by_wrapper = [np.flatnonzero(pool.wrapper == number) for number in range(len(pool.wrappers))]
    sleeps = any(asked.template.sleeps for asked in pool.templates)
    for rows in [*by_wrapper, every] if len(by_wrapper) > 1 and not sleeps else [every]:
        if rows is every and kinds:
            break
        oracle = _oracle(requests, pool, rows, technique, certain, extra)
        if oracle is not None:
            answers[rows] = oracle.answers
            kinds[oracle.kind] += len(rows)
    return answers, max(kinds, key=lambda one: kinds[one]) if kinds else None


def _oracle(
    requests: Requests, pool: Pool, rows: Integers, technique: str, certain: dict[tuple[int, int], int], extra: Integers
) -> Oracle | None:
    questions, key, row = pool.questions.selected(rows), pool.key[rows], pool.row[rows]
    if technique != BOOLEAN:
        delays = delays_of(pool, rows)
        found = duration_oracle(questions, key, requests.duration[row], delays)
        if found is None:
            before, after, order = gaps_of(requests, row)
            found = stamp_oracle(questions, key, before, after, delays, order)
        if found is not None or any(asked.template.sleeps for asked in pool.templates):
            return found
    response = Response(
        requests.status[row],
        requests.size[row],
        requests.length[row],
        requests.raw_length[row],
        extra[requests.shape[row]],
    )
    known = np.full(len(rows), UNKNOWN, np.int8)
    if certain:
        for (status, size), held in certain.items():
            known[(response.status == status) & (response.size == size)] = held
    return content_oracle(questions, key, response, known)


__all__ = ["BOOLEAN", "Reading", "decode", "decode_log"]
