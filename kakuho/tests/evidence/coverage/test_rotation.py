"""A file that is missing out of a rotation is told by the names of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from .covering import coverage, gaps, made
from .ordinary import at


def _rotated(folder: Path, names: list[str]) -> list[tuple[object, ...]]:
    """Files of one log, from the oldest to the youngest, each with an event at 00:00 and at 06:00 of its day."""
    sources = [
        made(number, "host_log", [at(0, 7 * number), at(0, 7 * number + 6)], folder, name=name, series="log")
        for number, name in enumerate(names, 1)
    ]
    return gaps(coverage(*sources))


@pytest.mark.parametrize(
    "names",
    [
        ["access.log.3.gz", "access.log.2.gz", "access.log.1", "access.log"],
        ["access.log.9", "access.log.8", "access.log.7"],
        ["access.log-20250310", "access.log-20250311", "access.log-20250312"],
        ["access.log-20250302.gz", "access.log-20250309.gz", "access.log-20250316.gz"],
        ["access.2025-03-10.txt", "access.2025-03-11.txt", "access.2025-03-12.txt", "access.txt"],
        ["access.log"],
        ["10.0.0.1.log", "10.0.0.2.log", "10.0.0.9.log"],
    ],
)
def test_a_rotation_without_a_missing_file_has_no_gap(tmp_path: Path, names: list[str]) -> None:
    assert _rotated(tmp_path, names) == []


@pytest.mark.parametrize(
    "names",
    [
        ["access.log.4.gz", "access.log.2.gz", "access.log.1", "access.log"],
        ["access.log.3", "access.log.1"],
        ["access.log-20250310", "access.log-20250312", "access.log-20250313", "access.log-20250314"],
        ["access.log-20250302.gz", "access.log-20250316.gz", "access.log-20250323.gz", "access.log-20250330"],
    ],
)
def test_a_missing_file_is_a_gap_between_its_neighbours(tmp_path: Path, names: list[str]) -> None:
    assert _rotated(tmp_path, names) == [(at(0, 13), at(0, 14), "rotated_away")]
