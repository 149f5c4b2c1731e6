"""Samples of other projects (``shared/samples`` beside the repository): read where they lie, never copied."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"


def sample(*parts: str) -> Path:
    """A sample's path; the test is skipped, and says so, where the samples are not there."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the samples of other projects are not at {SAMPLES.name}: this test needs them")
    return SAMPLES.joinpath(*parts)
