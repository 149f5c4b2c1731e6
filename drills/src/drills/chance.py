"""Randomness that is the same for the same words: each plan and each visit draws from its own, by the drill's seed."""

import random


def chance_for(*words: object) -> random.Random:
    """A generator for one purpose; it decides about a drill's play, never about a secret."""
    return random.Random(" ".join(str(word) for word in words))  # noqa: S311
