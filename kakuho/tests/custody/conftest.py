"""Published vectors of other projects, read where they lie and never copied into the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


def samples(name: str) -> Path:
    """The folder of one project's samples, beside the repository; the test is skipped where there is none."""
    folder = SAMPLES / name
    if not folder.is_dir():
        pytest.skip(f"needs the published vectors in ../shared/samples/{name}")
    return folder


@pytest.fixture(scope="session")
def merkle_vectors() -> Path:
    """Inclusion and consistency proofs of transparency-dev/merkle."""
    return samples("merkle-rfc6962") / "testdata"


@pytest.fixture(scope="session")
def note_vectors() -> Path:
    """Signed notes of golang/mod and checkpoints of transparency-dev/formats."""
    return samples("signed-note")


@pytest.fixture(scope="session")
def timestamp_vectors() -> Path:
    """Time-stamp requests and responses of trailofbits/rfc3161-client."""
    return samples("rfc3161") / "test" / "fixtures"
