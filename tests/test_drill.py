"""The whole path: real intrusions, answered from evidence alone, with sources missing, killed, and rebuilt."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from drills.score import read_verdicts

BIN = Path(sys.executable).parent
MUST_BE_ZERO = ("missed_persons", "missed_cells", "wrong_confirmed_persons", "wrong_confirmed_cells")
pytestmark = pytest.mark.timeout(900)


@contextmanager
def kept_drill(scenario: str) -> Iterator[Path]:
    """A small drill that was kept; its outcome is ``outcome.json``."""
    with tempfile.TemporaryDirectory(prefix="kakuho-drill-") as folder:
        kept = Path(folder) / scenario
        run(["kakuho-drill", "run", "--scenario", scenario, "--scale", "0.003", "--seed", "11",
             "--keep", str(kept), "--json", str(Path(folder) / "outcome.json")])  # fmt: skip
        shutil.move(Path(folder) / "outcome.json", kept / "outcome.json")
        yield kept


@pytest.fixture(scope="session", params=["credentials", "injection"])
def drill(request: pytest.FixtureRequest) -> Iterator[Path]:
    with kept_drill(request.param) as kept:
        yield kept


@pytest.fixture(scope="session")
def wiped_host() -> Iterator[Path]:
    with kept_drill("wiped-host") as kept:
        yield kept


def run(command: list[str], **more: object) -> str:
    done = subprocess.run([str(BIN / command[0]), *command[1:]], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def scored(outcome: dict[str, object]) -> dict[str, object]:
    return {name: outcome[name] for name in MUST_BE_ZERO}


def cells(case: Path, *verdicts: str) -> set[tuple[str, str]]:
    found = read_verdicts(case / "assessments" / "001" / "verdicts.parquet")
    return set().union(*(found[verdict] for verdict in verdicts))


def case_of(drill: Path) -> Path:
    return next(path for path in (drill / "case", drill / "answer-1" / "case") if path.exists())


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_nobody_is_missed_and_nothing_wrongly_confirmed(drill: Path) -> None:
    outcome = json.loads((drill / "outcome.json").read_text(encoding="utf-8"))
    assert scored(outcome) == dict.fromkeys(MUST_BE_ZERO, 0)
    assert outcome["confirmed_cells"] > 0
    assert outcome["true_cells"] > 0


LEFT_OUT = {"credentials": ("-ledger", "-ledger,-dblog"), "injection": ("-dblog", "-access")}


@pytest.mark.parametrize("which", [0, 1])
def test_with_less_evidence_the_answer_is_wider_and_never_wrong(drill: Path, which: int, tmp_path: Path) -> None:
    left_out = LEFT_OUT[drill.name][which]
    json_file = tmp_path / "again.json"
    before = set(drill.glob("answer-*"))
    run(["kakuho-drill", "again", str(drill), f"--evidence={left_out}", "--json", str(json_file)])
    outcome = json.loads(json_file.read_text(encoding="utf-8"))
    assert scored(outcome) == dict.fromkeys(MUST_BE_ZERO, 0)
    (made,) = set(drill.glob("answer-*")) - before
    with_all = cells(case_of(drill), "confirmed", "possible")
    assert with_all <= cells(made / "case", "confirmed", "possible")


def test_a_killed_assessment_goes_on_cleanly(drill: Path, tmp_path: Path) -> None:
    case = case_of(drill)
    done = files(case / "assessments" / "001")
    for delay in (1.5, 4.0):
        copy = tmp_path / f"killed-{delay}"
        shutil.copytree(case, copy)
        shutil.rmtree(copy / "assessments" / "001")
        for stale in ("stages/assessment-001.json", "stages/snapshot.json"):
            (copy / "lake" / stale).unlink()
        killed = subprocess.Popen([str(BIN / "kakuho"), "--case", str(copy), "assess"], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert not (copy / "assessments" / "001").exists() or files(copy / "assessments" / "001") == done
        run(["kakuho", "--case", str(copy), "assess"])
        assert files(copy / "assessments" / "001") == done
        run(["kakuho", "--case", str(copy), "case", "verify"])


def test_documents_are_rebuilt_to_the_byte(drill: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(case_of(drill), case)
    written = files(case / "publications")
    assert any(name.endswith("notice-2.ja.pdf") for name in written)
    shutil.rmtree(case / "publications")
    run(["kakuho", "--case", str(case), "report"])
    assert files(case / "publications") == written


def test_every_printed_number_leads_back_to_lines_of_sealed_files(drill: Path) -> None:
    case = case_of(drill)
    total = json.loads(run(["kakuho", "--case", str(case), "explain", "A001.total.records.affected", "--json"]))
    assert total["fact"]["value"] == len({subject for subject, _ in cells(case, "confirmed", "possible")})
    for verdict in ("confirmed", "possible", "ruled_out"):
        held = sorted(cells(case, verdict))
        if verdict == "possible" and not held:
            continue  # with all evidence and every owner asked, nothing stays undecided
        subject, item = held[0]
        chain = json.loads(run(["kakuho", "--case", str(case), "explain", "cell", subject, item, "--json"]))
        (cell,) = chain["cells"]
        assert cell["verdict"] == verdict
        if verdict == "ruled_out":
            assert cell["claims"] == []
            assert all(path["state"] == "closed" or not path["unwitnessed"] for path in cell["paths"])
        else:
            event = cell["claims"][0]["events"]["first"][0]
            sealed = {entry["name"]: entry["sha256"] for entry in chain["evidence"] if "name" in entry}
            raw = (case / "evidence" / sealed[event["file"]]).read_bytes()
            assert raw[: event["byte_offset"]].count(b"\n") + 1 == event["line"]


def test_nobody_is_missed_where_the_intruder_wiped_the_logs(wiped_host: Path) -> None:
    outcome = json.loads((wiped_host / "outcome.json").read_text(encoding="utf-8"))
    assert scored(outcome) == dict.fromkeys(MUST_BE_ZERO, 0)
    assert outcome["confirmed_cells"] > 0


def test_the_wiped_days_are_found_in_every_log(wiped_host: Path) -> None:
    deleted = json.loads((wiped_host / "lived.json").read_text(encoding="utf-8"))["wiped"]
    gaps = wiped_host / "answer-1" / "case" / "lake" / "gaps.parquet"
    found = duckdb.execute(
        f"""SELECT DISTINCT role FROM '{gaps}'
        WHERE start <= timezone('UTC', $first::TIMESTAMPTZ) AND "end" >= timezone('UTC', $last::TIMESTAMPTZ)
        ORDER BY role""",
        {"first": deleted["first"], "last": deleted["last"]},
    ).fetchall()
    assert found == [("access_log",), ("database_log",), ("disclosure_ledger",)]


def test_the_verdicts_widen_for_the_wiped_days(wiped_host: Path) -> None:
    case = wiped_host / "answer-1" / "case"
    assert cells(case, "ruled_out") == set()
    verdicts = case / "assessments" / "001" / "verdicts.parquet"
    reasons = duckdb.sql(f"SELECT DISTINCT reason_id FROM '{verdicts}' WHERE method = 'reach'").fetchall()
    assert reasons == [("reach:database.direct:gap",)]
