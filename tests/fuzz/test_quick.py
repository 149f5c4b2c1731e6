"""A few mutants of every format in every run of the tests; ``python -m tests.fuzz`` runs as many as wanted."""

from __future__ import annotations

import pytest

from kakuho.evidence.formats import FORMATS, Declared, Part

from .checking import check
from .mutants import Mutants
from .seeds import seeds

MUTANTS_A_FORMAT = 25


@pytest.fixture(scope="module")
def sound() -> dict[str, list[bytes]]:
    return seeds()


@pytest.mark.parametrize("name", FORMATS)
def test_sound_files_hold_together(name: str, sound: dict[str, list[bytes]]) -> None:
    for data in sound.get(name, ()):
        check(name, data, Declared("Asia/Tokyo"))


@pytest.mark.parametrize("name", FORMATS)
def test_mutants_hold_together(name: str, sound: dict[str, list[bytes]]) -> None:
    mutants = Mutants(20250422, sound, [name])
    for index in range(MUTANTS_A_FORMAT):
        one = mutants.at(index)
        check(one.format, one.data, one.declared)


def test_a_lost_line_is_found(monkeypatch: pytest.MonkeyPatch, sound: dict[str, list[bytes]]) -> None:
    known = FORMATS["access_log"]
    monkeypatch.setattr(type(known), "read_block", lambda *_: Part(lines=1))
    with pytest.raises(AssertionError, match="conservation"):
        check(known.name, sound[known.name][0], Declared())
