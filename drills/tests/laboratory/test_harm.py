"""Harms take lines away, repeat them or change the answer; they invent none."""

from collections import Counter

import pytest

from drills.laboratory.cases import cases
from drills.laboratory.decoder import Outcome
from drills.laboratory.harm import HARMS, harmed
from drills.laboratory.laboratory import Record
from drills.laboratory.scoring import Score

LINES = [b'127.0.5.9 - - [-] "GET /item?id=%d HTTP/1.1" 200 248 "-" "-"\n' % number for number in range(300)]


@pytest.fixture
def harmed_lines(tmp_path):
    (tmp_path / "access.log").write_bytes(b"".join(LINES))
    record = Record(cases("sqlite")[0], "nginx", tmp_path / "access.log", [])
    return {one.harm: one.path.read_bytes().splitlines(keepends=True) for one in harmed(record, tmp_path / "harmed")}


def test_every_harm_is_done(harmed_lines):
    assert list(harmed_lines) == list(HARMS)


def test_losses_keep_about_as_many_lines_as_they_say(harmed_lines):
    assert 255 <= len(harmed_lines["lost-10"]) <= 285
    assert 120 <= len(harmed_lines["lost-50"]) <= 180
    assert 15 <= len(harmed_lines["lost-90"]) <= 45
    assert all(set(harmed_lines[name]) <= set(LINES) for name in ("lost-10", "lost-50", "lost-90"))


def test_a_cut_file_is_one_end_of_it(harmed_lines):
    begin, end = harmed_lines["begin-only"], harmed_lines["end-only"]
    assert 0 < len(begin) < 300
    assert 0 < len(end) < 300
    assert begin == LINES[: len(begin)]
    assert end == LINES[-len(end) :]


def test_shuffling_keeps_every_line_and_no_order(harmed_lines):
    assert Counter(harmed_lines["shuffled"]) == Counter(LINES)
    assert harmed_lines["shuffled"] != LINES


def test_repeated_lines_stand_beside_each_other(harmed_lines):
    assert list(dict.fromkeys(harmed_lines["twice"])) == LINES
    assert len(harmed_lines["twice"]) > 350


def test_an_overloaded_server_answers_503_now_and_then(harmed_lines):
    changed = [line for line in harmed_lines["overloaded"] if line not in set(LINES)]
    assert 2 <= len(changed) <= 25
    assert all(line.endswith(b' HTTP/1.1" 503 190 "-" "-"\n') for line in changed)


def test_from_a_harmed_log_values_may_stay_undecided_but_not_be_wrong():
    def outcome(harm, **counts):
        return Outcome(cases("sqlite")[0], "nginx", harm, Score(true=1, **counts), 0.1).passed

    assert outcome("lost-10", undecided=1)
    assert not outcome("lost-10", wrong=1)
    assert not outcome("", undecided=1)
    assert outcome("", right=1)
