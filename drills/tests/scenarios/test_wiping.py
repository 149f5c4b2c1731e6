"""The lines of some days go from every log on the host; what was before and after stays to the byte."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from drills.scenarios.wiping import Wiped, wipe
from drills.truth.forms import JAPAN

FIRST = datetime(2025, 3, 20, tzinfo=JAPAN)
LAST = datetime(2025, 3, 22, tzinfo=JAPAN)


def _access(moment: str, path: str = "/") -> str:
    return f'127.9.8.7 - - [{moment}] "GET {path} HTTP/1.1" 200 5120 "-" "Mozilla/5.0" 4211\n'


def _statement(moment: str, statement: str = "SELECT 1") -> str:
    return f'{{"timestamp":"{moment} JST","user":"petinsurance_web","message":"statement: {statement}"}}\n'


def _event(seq: int, moment: str) -> str:
    return f'{{"kind":"disclosure","seq":{seq},"time":"{moment}"}}\n'


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "ledger").mkdir()
    return tmp_path


def test_lines_of_the_access_log_go_by_their_moment_in_any_zone(logs: Path) -> None:
    before = _access("19/Mar/2025:23:59:59 +0900")
    after = _access("22/Mar/2025:00:00:00 +0900")
    within = [
        _access("20/Mar/2025:00:00:00 +0900"),
        _access("19/Mar/2025:15:00:00 +0000"),  # the same moment
        _access("21/Mar/2025:23:59:59 +0900", "/mypage/profile/"),
    ]
    (logs / "access.log").write_text(before + "".join(within) + after)
    assert wipe(logs, FIRST, LAST, ()) == Wiped(
        "2025-03-20T00:00:00+09:00", "2025-03-22T00:00:00+09:00", {"access.log": 3}
    )
    assert (logs / "access.log").read_text() == before + after


def test_a_statement_over_several_lines_goes_whole(logs: Path) -> None:
    before = '2025-03-19 20:00:00.001 JST,"petinsurance_web","SELECT 1"\n'
    within = '2025-03-20 20:00:00.001 JST,"petinsurance_web","SELECT name\nFROM policyholder\nLIMIT 1"\n'
    after = '2025-03-22 00:00:00.000 JST,"petinsurance_web","SELECT kana\nFROM policyholder"\n'
    (logs / "postgresql.csv").write_text(before + within + after)
    assert wipe(logs, FIRST, LAST, ()).lines == {"postgresql.csv": 3}
    assert (logs / "postgresql.csv").read_text() == before + after


def test_of_jsonlog_ledger_and_checkpoints_the_same_days_go(logs: Path) -> None:
    kept = _statement("2025-03-19 23:59:59.999"), _statement("2025-03-22 00:00:00.000")
    (logs / "postgresql.json").write_text(kept[0] + _statement("2025-03-21 03:00:00.000") + kept[1])
    header = '{"kind":"header","seq":0,"started":"2025-03-13T15:00:01.000000Z"}\n'
    first, last = _event(1, "2025-03-19T14:59:59.999999Z"), _event(4, "2025-03-21T15:00:00.000000Z")
    within = _event(2, "2025-03-19T15:00:00.000000Z") + _event(3, "2025-03-21T14:59:59.999999Z")
    (logs / "ledger" / "one.jsonl").write_text(header + first + within + last)
    (logs / "ledger" / "checkpoints.jsonl").write_text(first + within)
    assert wipe(logs, FIRST, LAST, ()).lines == {
        "postgresql.json": 1,
        "ledger/checkpoints.jsonl": 2,
        "ledger/one.jsonl": 2,
    }
    assert (logs / "postgresql.json").read_text() == kept[0] + kept[1]
    assert (logs / "ledger" / "one.jsonl").read_text() == header + first + last
    assert (logs / "ledger" / "checkpoints.jsonl").read_text() == first


def test_a_writer_goes_on_behind_the_cut_and_loses_no_line(logs: Path) -> None:
    line = _access("19/Mar/2025:12:00:00 +0900")
    (logs / "access.log").write_text(_access("20/Mar/2025:12:00:00 +0900") * 20_000)
    program = (
        "import os, sys, time\n"
        "log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)\n"
        "for number in range(3_000):\n"
        "    os.write(log, sys.argv[2].encode())\n"
        "    time.sleep(0.0003)\n"
        "    if number == 100: print('writing', flush=True)\n"
    )
    command = [sys.executable, "-c", program, str(logs / "access.log"), line]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        wiped = wipe(logs, FIRST, LAST, [writer.pid])
        assert psutil.Process(writer.pid).status() != psutil.STATUS_STOPPED
    assert wiped.lines == {"access.log": 20_000}
    assert (logs / "access.log").read_text() == line * 3_000
