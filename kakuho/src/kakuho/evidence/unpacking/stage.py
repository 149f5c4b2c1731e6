"""Unpacking as a stage of the case: done once, and done again from the sealed file where its output is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kakuho.case import Stage
from kakuho.evidence.unpacking.unpack import is_unpacked, unpack

VERSION = 1


def unpacking_stage(directory: Path, sealed: str) -> Stage:
    """The stage that unpacks one sealed file (named by its SHA-256) of the case at ``directory``."""
    return Stage(directory, f"unpack-{sealed[:16]}")


def unpacking_inputs(sealed: str) -> dict[str, Any]:
    """What unpacking depends on."""
    return {"files": {f"evidence/{sealed}": sealed}, "parameters": {"version": VERSION}}


def unpack_again(directory: Path, sealed: Path, destination: Path) -> None:
    """Unpack a sealed file into ``destination`` unless that is there already."""
    if not is_unpacked(destination):
        stage, inputs = unpacking_stage(directory, sealed.name), unpacking_inputs(sealed.name)
        with stage.writing(inputs, destination=destination) as folder:
            unpack(sealed, "", folder)
