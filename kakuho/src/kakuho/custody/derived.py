"""Derived files against the records that name them: stages of the lake, assessments, publications, torn lines.

A stage may run again at any time, and then its record and files are others than a manifest sealed: that is work, not
tampering, and the record shows by its own seal that it is what the stage wrote. A published document and the verdicts
of an assessment are named by the journal. So every derived file has exactly one thing that says what it must be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from kakuho.case import Entry
from kakuho.case.journal import TORN_LINE_ACT
from kakuho.case.stages import read_sound_record
from kakuho.custody.contents import Contents
from kakuho.custody.refusals import REBUILD, RESTORE, refusal
from kakuho.language import Bilingual

PUBLISHED_ACT = "publication.written"
ASSESSED_ACT = "assessment.made"
_STAGES = "lake/stages/"
_PUBLISH_AGAIN = Bilingual(
    ja="控えから戻すか、kakuho report で作り直してください。",
    en="restore it from a copy or make it again with kakuho report",
)


def check_stages(contents: Contents) -> set[str]:
    """Every stage's record and what it wrote; returns their paths. Raises IntegrityError."""
    accounted: set[str] = set()
    for path in contents.under(_STAGES):
        outputs = _outputs(contents, path)
        for output, sha256 in sorted(outputs.items()):
            _require(contents, output, sha256, path, REBUILD)
        accounted |= {path, *outputs}
    return accounted


def _outputs(contents: Contents, path: str) -> dict[str, str]:
    try:
        outputs: Any = read_sound_record(contents.directory / path)["outputs"]
        return {str(name): str(sha256) for name, sha256 in outputs.items()}
    except (ValueError, AttributeError, RecursionError):
        raise refusal(
            ja="段階の記録が、書かれた時のものと一致しません。",
            en="a stage's record is not what the stage wrote",
            where=path,
            remedy=REBUILD,
        ) from None


def check_assessments(contents: Contents, entries: Sequence[Entry]) -> None:
    """The verdicts of every assessment are those that the journal names. Raises IntegrityError."""
    last = {entry.details.get("assessment"): entry for entry in entries if entry.act == ASSESSED_ACT}
    for number, entry in last.items():
        path = f"assessments/{number:03d}/verdicts.parquet"
        _require(contents, path, str(entry.details["verdicts"]), f"journal.jsonl:{entry.seq + 1}", RESTORE)


def check_publications(
    contents: Contents, entries: Sequence[Entry], sealed: dict[str, str]
) -> tuple[set[str], set[str]]:
    """Published documents against the journal; returns the paths accounted for, and those that no hash covers yet.

    Earlier versions did not journal the hash of ``manifest.json``: there a sealed manifest is what names it.
    """
    accounted: set[str] = set()
    uncovered: set[str] = set()
    last = {str(entry.details["directory"]): entry for entry in entries if entry.act == PUBLISHED_ACT}
    for directory, entry in sorted(last.items()):
        where = f"journal.jsonl:{entry.seq + 1}"
        for name, sha256 in sorted(entry.details["files"].items()):
            _require(contents, f"{directory}/{name}", str(sha256), where, _PUBLISH_AGAIN)
            accounted.add(f"{directory}/{name}")
        manifest = f"{directory}/manifest.json"
        expected = entry.details.get("manifest") or sealed.get(manifest)
        if expected:
            _require(contents, manifest, str(expected), where, _PUBLISH_AGAIN)
        else:
            uncovered.add(manifest)
        accounted.add(manifest)
    return accounted, uncovered


def check_torn_lines(contents: Contents, entries: Sequence[Entry]) -> set[str]:
    """``journal.torn`` holds the torn lines that the journal set aside, one after the other. Raises IntegrityError."""
    torn = [entry for entry in entries if entry.act == TORN_LINE_ACT]
    if not torn:
        return set()
    path, place = str(torn[0].details["file"]), 0
    content = (contents.directory / path).read_bytes() if path in contents else b""
    for entry in torn:
        length = int(entry.details["bytes"])
        line = content[place : place + length + 1]
        if line[-1:] != b"\n" or hashlib.sha256(line[:-1]).hexdigest() != entry.details["sha256"]:
            break
        place += length + 1
    else:
        if place == len(content):
            return {path}
    raise refusal(
        ja="取り分けた台帳の行（journal.torn）が、取り分けた時と違います。",
        en="the lines set aside from the journal are not what was set aside",
        where=f"{path}: byte {place}",
    )


def _require(contents: Contents, path: str, sha256: str, record: str, remedy: Bilingual) -> None:
    where = f"{path} ({record})"
    if path not in contents:
        raise refusal(
            ja="記録にあるファイルがありません。",
            en="a file that a record names is missing",
            where=where,
            remedy=remedy,
        )
    if contents.sha256(path) != sha256:
        raise refusal(
            ja="ファイルの内容が、記録された時と違います。",
            en="a file is not what its record says",
            where=where,
            remedy=remedy,
        )
