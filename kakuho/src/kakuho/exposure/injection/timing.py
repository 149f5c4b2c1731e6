"""What the oracles of time need of the requests: how long each was to sleep, and the gaps to its client's others."""

from __future__ import annotations

import numpy as np

from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.forms import slots_in
from kakuho.exposure.injection.measures import SLEEPS, parts_of
from kakuho.exposure.injection.nodes import Call
from kakuho.exposure.injection.pooled import Pool
from kakuho.exposure.injection.requests import Requests
from kakuho.exposure.injection.slowness import SECOND, Delays
from kakuho.exposure.injection.templates import Template

_MOST_BACK = 0.02
"""Stamps that step back, of all of a client: with more, the lines are not in the order of writing and gaps tell
nothing."""
_TELLING = {"SLEEP", "PG_SLEEP", "WAITFOR", "RECEIVE_MESSAGE", "GET_LOCK", "PG_SLEEP_FOR"}


def delays_of(pool: Pool, rows: Integers) -> Delays:
    """The delays of some questions of the pool."""
    yes, no = np.zeros(len(pool.key)), np.zeros(len(pool.key))
    told = np.zeros(len(pool.key), bool)
    for number, asked in enumerate(pool.templates):
        mine = np.flatnonzero(pool.template == number)
        if len(mine) == 0:
            continue
        template = asked.template
        inner = set(slots_in(template.hole.subject))
        slots = sorted({slot for node in template.nodes for slot in slots_in(node)} - inner)
        place = np.searchsorted(asked.batch.rows, pool.row[mine])
        order = np.argsort(asked.batch.rows, kind="stable")
        place = order[np.searchsorted(asked.batch.rows[order], pool.row[mine])]
        found, which = asked.batch.slots.per_combination(slots, lambda texts, of=template: _delays(of, texts))  # type: ignore[misc]
        both = np.array(found, np.float64)[which[place]]
        yes[mine], no[mine] = both[:, 0], both[:, 1]
        told[mine] = _is_told(template)
    return Delays(yes[rows], no[rows], told[rows])


def _delays(template: Template, texts: list[str]) -> tuple[float, float]:
    holds, fails = template.delay(texts, True) or 0.0, template.delay(texts, False) or 0.0
    return (fails, holds) if template.negated else (holds, fails)


def _is_told(template: Template) -> bool:
    """Whether the seconds stand in the text: a heavy query takes as long as it takes."""
    names = {one.name for node in template.nodes for one in parts_of(node) if isinstance(one, Call)} & SLEEPS
    return (bool(names) and names <= _TELLING) or (not names and bool(template.words & _TELLING))


def gaps_of(requests: Requests, row: Integers) -> tuple[Integers, Integers, Integers]:
    """Seconds from the client's last stamp, and to its next, for some rows (-1: none); and the rows' order by client
    and line."""
    lines = np.lexsort((requests.line, requests.client))
    client, line, second = requests.client[lines], requests.line[lines], requests.time[lines] // SECOND
    new = np.concatenate(([True], (client[1:] != client[:-1]) | (line[1:] != line[:-1])))
    begins = np.flatnonzero(new)
    first_client, first_second = client[begins], second[begins]
    same = first_client[1:] == first_client[:-1]
    steps = np.where(same, first_second[1:] - first_second[:-1], -1)
    back = np.bincount(first_client[1:][same & (steps < 0)], minlength=int(client.max(initial=0)) + 1)
    steps[(back > _MOST_BACK * np.bincount(first_client, minlength=len(back)))[first_client[1:]]] = -1
    before = np.concatenate(([-1], steps))
    after = np.concatenate((steps, [-1]))
    of_row = np.empty(len(lines), np.int64)
    of_row[lines] = np.cumsum(new) - 1
    order = np.lexsort((requests.line[row], requests.client[row]))
    return before[of_row[row]], after[of_row[row]], order
