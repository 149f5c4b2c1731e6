"""``publications/``: the documents of a round, or one letter, in three formats and two languages, with a manifest.

A round is made in memory first and then put in place, the manifest last; the same inputs give the same bytes. The first
report, once written, stays as it is: the second compares itself with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakuho.case import Case
from kakuho.case.files import sha256_of, write_atomically
from kakuho.inventory import load_inventory
from kakuho.language import Language
from kakuho.reporting.addressed import Letter
from kakuho.reporting.assessment import Assessment, read_assessment
from kakuho.reporting.declarations import FILE, read_declarations
from kakuho.reporting.documents import (
    build_faq,
    build_first_notice,
    build_letter,
    build_regulator_report,
    build_second_notice,
)
from kakuho.reporting.material import Material
from kakuho.reporting.model import Document
from kakuho.reporting.render import render_html, render_markdown, render_pdf

LANGUAGES: tuple[Language, ...] = ("ja", "en")
MANIFEST = "manifest.json"

Advance = Callable[[float, float | None], None]


@dataclass(frozen=True)
class Published:
    """A folder of documents. ``changed``: its bytes are not those that were there before."""

    directory: Path
    manifest: dict[str, Any]
    changed: bool


def publish_round(case: Case, assessment_dir: Path, round_: int, advance: Advance) -> Published:
    """Write ``publications/0N``: the notice of this round, the FAQ and the regulator's list."""
    material = _material(case, assessment_dir)
    documents = [
        document
        for language in LANGUAGES
        for document in (
            build_first_notice(material, language) if round_ == 1 else build_second_notice(material, language),
            build_faq(material, language, 1 if round_ == 1 else 2),
            build_regulator_report(material, language, 1 if round_ == 1 else 2),
        )
    ]
    return _publish(case, case.publications / f"{round_:02d}", material, documents, {"round": round_}, advance)


def publish_letter(case: Case, assessment_dir: Path, letter: Letter, advance: Advance) -> Published:
    """Write ``publications/letters/<person>``: this person's letter, apart from everything that is made public."""
    material = _material(case, assessment_dir)
    documents = [build_letter(material, letter, language) for language in LANGUAGES]
    folder = case.publications / "letters" / letter.person.person_id.replace(":", "-")
    return _publish(case, folder, material, documents, {"person": letter.person.person_id}, advance)


def first_manifest(case: Case) -> dict[str, Any] | None:
    """The manifest of the first report, if it was written."""
    path = case.publications / "01" / MANIFEST
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _material(case: Case, assessment_dir: Path) -> Material:
    return Material(
        assessment=read_assessment(assessment_dir),
        inventory=load_inventory(case.inventory_path),
        settings=case.settings,
        declarations=read_declarations(case.directory / FILE),
        first=first_manifest(case),
    )


def _publish(
    case: Case, folder: Path, material: Material, documents: list[Document], what: dict[str, Any], advance: Advance
) -> Published:
    files: dict[str, bytes] = {}
    for done, document in enumerate(documents):
        advance(done, len(documents))
        stem = f"{document.name}.{document.language}"
        files[f"{stem}.md"] = render_markdown(document).encode()
        files[f"{stem}.html"] = render_html(document).encode()
        files[f"{stem}.pdf"] = render_pdf(document)
    manifest = {
        **what,
        "assessment": material.assessment.number,
        "window": dict(material.assessment.window),
        "facts": {figure.fact_id: figure.value for document in documents for figure in document.figures()},
        "to_be_filled_in": {
            language: sorted({label for d in documents if d.language == language for label in d.placeholders()})
            for language in LANGUAGES
        },
        "inputs": _inputs(case, material.assessment, with_first=what.get("round") == 2),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    text = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    return Published(folder, manifest, _put(folder, {**files, MANIFEST: text}))


def _inputs(case: Case, assessment: Assessment, *, with_first: bool) -> dict[str, str]:
    """What the documents were made from, by hash."""
    paths = [
        assessment.directory / "facts.json",
        assessment.directory / "verdicts.parquet",
        case.inventory_path,
        case.directory / "case.toml",
        case.directory / FILE,
    ]
    if with_first:
        paths.append(case.publications / "01" / MANIFEST)
    return {str(path.relative_to(case.directory)): sha256_of(path) for path in paths if path.is_file()}


def _put(folder: Path, files: dict[str, bytes]) -> bool:
    """Put the files in place, the manifest last; files of an earlier run that are no longer made go."""
    folder.mkdir(parents=True, exist_ok=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    if before == files:
        return False
    for name, content in files.items():
        write_atomically(folder / name, content)
    for name in before.keys() - files.keys():
        (folder / name).unlink()
    return True
