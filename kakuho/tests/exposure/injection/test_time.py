"""Answers that only their slowness tells: durations with noise, and whole-second stamps of servers of either rule."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.exposure.injection import UNDECIDED, Extraction, decode_log

from .attacker import bisected

QUERY = "SELECT COALESCE(CAST(phone AS TEXT)::text,(CHR(32))) FROM public.customers ORDER BY id OFFSET 2 LIMIT 1"
AROUND = "1 AND 5625=(CASE WHEN ({}) THEN (SELECT 5625 FROM PG_SLEEP({})) ELSE 5625 END)"


class SleepingPage:
    """A page that answers late where the condition holds; every character is checked once more with ``!=``."""

    def __init__(self, seconds: int, jitter: float, spikes: float, seed: int) -> None:
        self.seconds, self.jitter, self.spikes = seconds, jitter, spikes
        self.chance = random.Random(seed)
        self.clock = 1_000.0
        self.requests: list[tuple[float, float, str]] = []

    def ask(self, condition: str, holds: bool) -> bool:
        took = 0.004 + self.chance.expovariate(1 / self.jitter)
        if self.chance.random() < self.spikes:
            took += self.seconds * self.chance.uniform(0.5, 2)
        took += self.seconds if holds else 0
        self.requests.append((self.clock, took, AROUND.format(condition, self.seconds)))
        self.clock += took + 0.002
        return took >= self.seconds  # the attacker sees the clock too

    def extract(self, secret: str) -> None:
        for place in range(1, len(secret) + 2):
            code = ord(secret[place - 1]) if place <= len(secret) else 0
            name = f"ASCII(SUBSTRING(({QUERY})::text FROM {place} FOR 1))"
            for _ in range(6):
                found = bisected(self.ask, lambda n, of=name: f"{of}>{n}", code, 127)  # type: ignore[misc]
                if not self.ask(f"{name}!={found}", code != found):
                    break

    def log(self, kind: str) -> str:
        lines = []
        for start, took, payload in self.requests:
            stamp = int(start + took if kind.startswith("nginx") else start)
            minutes, second = divmod(stamp, 60)
            hour, minute = divmod(minutes, 60)
            when = f"19/Mar/2026:{hour % 24:02d}:{minute:02d}:{second:02d} +0900"
            line = f'10.0.0.5 - - [{when}] "GET /quiet?id={quote(payload)} HTTP/1.1" 200 111 "-" "sqlmap/1.10"'
            if kind == "nginx-time":
                line += f" {took:.3f}"
            if kind == "apache-time":
                line += f" {int(took * 1e6)}"
            lines.append(line)
        return "\n".join(lines) + "\n"


def decoded(folder: Path, text: str) -> list[Extraction]:
    log = folder / "access.log"
    log.write_text(text, encoding="utf-8")
    return decode_log(log)[0]


@pytest.mark.parametrize("kind", ["nginx-time", "apache-time", "nginx", "apache"])
@pytest.mark.parametrize("seconds", [1, 2, 5])
def test_a_number_is_read_from_delays(kind: str, seconds: int, tmp_path: Path) -> None:
    page = SleepingPage(seconds, jitter=0.005, spikes=0, seed=7)
    page.extract("090-1234")
    page.ask("1=1", holds=True)
    page.ask("1=2", holds=False)
    (found,) = decoded(tmp_path, page.log(kind))
    assert [(value.value, value.complete, value.column, value.row) for value in found.values] == [
        ("090-1234", True, "phone", 2)
    ]
    assert found.technique == "time"
    assert ("stamps" in found.oracle) == (kind in ("nginx", "apache"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text("0123456789abc-@", min_size=1, max_size=5),
    kind=st.sampled_from(["nginx-time", "apache-time", "nginx", "apache"]),
    seconds=st.sampled_from([1, 2, 3]),
    jitter=st.sampled_from([0.003, 0.02, 0.08]),
    spikes=st.sampled_from([0.0, 0.0, 0.02, 0.06]),
    seed=st.integers(0, 1 << 20),
)
def test_noise_leaves_letters_undecided_and_never_wrong(
    secret: str,
    kind: str,
    seconds: int,
    jitter: float,
    spikes: float,
    seed: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    page = SleepingPage(seconds, jitter, spikes, seed)
    page.extract(secret)
    for found in decoded(tmp_path_factory.mktemp("log"), page.log(kind)):
        for value in found.values:
            assert value.value is not None
            if value.complete:
                assert value.value == secret
            for mine, true in zip(value.value, secret, strict=False):
                assert mine in (UNDECIDED, true)
