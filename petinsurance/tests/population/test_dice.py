"""Draws: the stream is fixed, shares come out, streams are independent of each other."""

import numpy as np

from petinsurance.population.dice import Dice


def test_the_stream_is_fixed():
    assert Dice(1, "a test").below(5, 1000).tolist() == [660, 540, 195, 738, 764]


def test_purposes_have_streams_of_their_own():
    assert Dice(1, "one").below(5, 1000).tolist() != Dice(1, "another").below(5, 1000).tolist()


def test_weights_come_out():
    drawn = np.bincount(Dice(1, "weights").weighted(100_000, [1, 0, 3]), minlength=3)
    assert drawn[1] == 0
    assert 24_000 < drawn[0] < 26_000


def test_curves_pass_through_their_knots():
    drawn = np.sort(Dice(1, "curve").curve(100_001, [10, 20, 100]))
    assert (drawn[0], drawn[-1]) == (10, 99)
    assert abs(int(drawn[50_000]) - 20) <= 1


def test_subsets_have_no_repeats():
    chosen = Dice(1, "subset").subset(50, 20)
    assert len(set(chosen.tolist())) == 20
    assert chosen.tolist() == sorted(chosen.tolist())
