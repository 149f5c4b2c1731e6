"""A case with everything in it; and published vectors of other projects, read where they lie and never copied here."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kakuho.case import Case, Stage
from kakuho.case.files import sha256_of
from kakuho.custody.derived import ASSESSED_ACT, PUBLISHED_ACT
from kakuho.custody.keys import SignerKey
from kakuho.evidence import add_evidence

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


LINE = '10.0.0.7 - - [19/Mar/2025:09:00:{:02d} +0900] "GET /mypage/ HTTP/1.1" 200 512 "-" "UA" 1234\n'


def add_log(case: Case, folder: Path, name: str, lines: int) -> None:
    """Seal a small access log in the case."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(LINE.format(second) for second in range(lines)) + f"damaged {name}\n")
    add_evidence(case, [folder / name])


def run_stage(case: Case, value: str) -> None:
    """A stage above the evidence, which writes other files for another value."""
    stage = Stage(case.directory, "detection")
    with stage.writing(stage.inputs(files=[], parameters={"value": value})) as folder:
        (folder / "findings.json").write_text(f'["{value}"]\n')
        (folder / f"only-{value}.json").write_text("[]\n")


def publish(case: Case, value: str, *, with_manifest: bool = True) -> None:
    """A published round, journalled as ``kakuho report`` does it."""
    folder = case.publications / "01"
    folder.mkdir(exist_ok=True)
    for name in ("notice.ja.md", "manifest.json"):
        (folder / name).write_text(f"{name} {value}\n")
    details = {"directory": "publications/01", "files": {"notice.ja.md": sha256_of(folder / "notice.ja.md")}}
    manifest = {"manifest": sha256_of(folder / "manifest.json")} if with_manifest else {}
    case.record(PUBLISHED_ACT, {**details, **manifest, "assessment": 1})


def assess(case: Case, number: int) -> None:
    """An assessment, written by its stage and named by the journal."""
    stage = Stage(case.directory, f"assessment-{number:03d}")
    with stage.writing(stage.inputs(files=[]), destination=case.assessments / f"{number:03d}") as folder:
        (folder / "verdicts.parquet").write_text(f"verdicts {number}\n")
    verdicts = sha256_of(case.assessments / f"{number:03d}" / "verdicts.parquet")
    case.record(ASSESSED_ACT, {"assessment": number, "verdicts": verdicts})


def tear(case: Case) -> None:
    """A kill in the middle of a line, and the next entry, which sets the torn line aside."""
    with case.journal.path.open("ab") as file:
        file.write(b'{"act":"torn')
    case.journal.notify = lambda message: None
    case.record("note")


@pytest.fixture(scope="session")
def signer() -> SignerKey:
    return SignerKey.generate("csirt.example")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with everything that a case holds: evidence, stages, a torn line, an assessment, a publication."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "inventory.yaml").write_text("inventory: 1\n")
    case = Case.create(folder / "case", name="事案", inventory=folder / "inventory.yaml", by="tanaka")
    add_log(case, folder / "logs", "access.log", 3)
    run_stage(case, "first")
    tear(case)
    assess(case, 1)
    publish(case, "first")
    (case.directory / "publication.toml").write_text('cause = ""\n')
    return case.directory


@pytest.fixture
def case(prepared: Path, tmp_path: Path) -> Case:
    """A copy of it, to change."""
    shutil.copytree(prepared, tmp_path / "case")
    return Case.open(tmp_path / "case", by="tanaka")


@pytest.fixture(scope="session")
def work() -> ModuleType:
    """This module: what one can do to a case."""
    return sys.modules[__name__]
