"""The quick profile of the decode laboratory: real tools on real servers, every cell decoded from the log alone."""

import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drills.cli import app
from drills.laboratory.cases import cases
from drills.laboratory.decoder import decode
from drills.laboratory.engines import ENGINES, missing
from drills.laboratory.laboratory import attack_all
from drills.processes import Processes

TAKEN = {
    "sqlite": {"ﾔﾏﾀﾞ花子", "ai@example.jp", "t@example.net"},
    "postgresql": {"林 愛", "-35", "0", "髙橋🍵"},
    "mariadb": {"林 愛", "7"},
}


@pytest.mark.parametrize("dbms", ENGINES)
def test_every_value_that_was_taken_is_decoded_and_no_other(dbms):
    if (lack := missing(dbms)) is not None:
        pytest.skip(f"{dbms}: 省かれた / left out: {lack}")
    quick = [case for case in cases(dbms) if case.quick]
    with tempfile.TemporaryDirectory(prefix="decode-lab-") as folder, Processes() as processes:
        one_log_a_case = {record.case.name: record for record in attack_all(processes, dbms, quick, Path(folder))}
        outcomes = [decode(processes, record) for record in one_log_a_case.values()]
    assert {outcome.case.name for outcome in outcomes} == {case.name for case in quick}
    assert {cell.value for record in one_log_a_case.values() for cell in record.cells} == TAKEN[dbms]
    assert [outcome.as_dict() for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["--dbms", "oracle"], "--dbms oracle"), (["--technique", "guess"], "--technique guess")],
)
def test_what_does_not_exist_is_refused(arguments, complaint):
    result = CliRunner().invoke(app, ["decode-lab", *arguments])
    assert result.exit_code == 2
    assert complaint in result.output


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path):
    (tmp_path / "mine").touch()
    result = CliRunner().invoke(app, ["decode-lab", "--keep", str(tmp_path)])
    assert result.exit_code == 2
