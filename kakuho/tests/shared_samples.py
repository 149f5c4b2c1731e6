"""Files of other projects that tests read where they lie (``shared/samples`` beside the worktree);
never copied here."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared_samples(name: str) -> Path:
    """The folder of one project's samples; the test is skipped where it is absent."""
    for above in Path(__file__).resolve().parents:
        folder = above / "shared" / "samples" / name
        if folder.is_dir():
            return folder
    pytest.skip(f"the folder shared/samples/{name} is absent: this test reads another project's files there")
