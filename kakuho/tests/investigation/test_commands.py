"""``kakuho detect`` and ``kakuho investigate`` on sealed files, as a responder types them."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kakuho.cli import main

from .world import ATTACKER, at

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
"""Ibis 12 still reads schemas by DuckDB's older name for it."""

INVENTORY = """\
inventory: 1
system: petinsurance
categories:
- {id: policyholder, kind: person, label: {ja: 既契約者, en: policyholders}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
dataset:
- fides_key: db
  collections:
  - name: policyholder
    kakuho: {key: id, record_of: policyholder}
    fields:
    - {name: id}
    - {name: name, kakuho: {item: name}}
access_paths:
- {id: web.login, kind: route, methods: [GET, POST], path: '^/login/$', login: true}
- {id: backup, kind: backup, collections: '*'}
"""
DECISIONS = '[[path]]\nid = "backup"\nstate = "closed"\nbasis = "its own log was read"\n'


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case, whose access log shows ten failed logins among ordinary visits."""
    tmp_path = tmp_path_factory.mktemp("prepared")
    lines = []
    for hour in range(60):
        lines.append((at(0, hour), "198.51.100.1", "GET / HTTP/1.1", 200))
    for number in range(10):
        lines.append((at(2, seconds=number), ATTACKER, "POST /login/ HTTP/1.1", 200))
    log = "".join(
        f'{address} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] "{request}" {status} 512 "-" "Mozilla/5.0" 20000\n'
        for moment, address, request, status in sorted(lines)
    )
    (tmp_path / "access.log").write_text(log, encoding="utf-8")
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    (tmp_path / "responder.toml").write_text(DECISIONS, encoding="utf-8")
    folder = str(tmp_path / "case")
    assert main(["case", "new", folder, "--inventory", str(tmp_path / "inventory.yaml"), "--json"]) == 0
    assert main(["--case", folder, "evidence", "add", str(tmp_path / "access.log"), "--json"]) == 0
    return tmp_path


@pytest.fixture
def case(prepared: Path, tmp_path: Path) -> list[str]:
    """The options that name a copy of it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return ["--lang", "en", "--case", str(tmp_path / "case")]


def said(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_detect_finds_and_the_second_run_is_spared(case: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main([*case, "detect", "--json"]) == 0
    first = said(capsys)
    assert first["ran"] is True
    assert [(one["rule"], one["indicator_value"], one["events"], one["first"]) for one in first["findings"]] == [
        ("failed_logins", ATTACKER, 10, "2025-03-12T00:00:00.000000Z")
    ]
    assert main([*case, "detect", "--json"]) == 0
    assert said(capsys)["ran"] is False


def test_investigate_detects_by_itself_proposes_and_waits_for_a_person(
    case: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*case, "investigate"]) == 0
    told = capsys.readouterr().out
    assert "No event is confirmed to be the attacker's yet." in told
    assert f"address={ATTACKER}" in told
    assert "everything must be taken as possibly leaked" in told


def test_a_persons_decisions_go_into_the_journal_once(
    case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide = ["investigate", "--confirm-proposed", "--decisions", str(tmp_path / "responder.toml"), "--by", "hanako"]
    capsys.readouterr()
    assert main([*case, *decide, "--json"]) == 0
    found = said(capsys)
    assert (found["decided_now"], found["delimited"]) == (2, True)
    assert found["attacker_events"] == {"http_activity": {"certain": 10, "uncertain": 0}}
    assert found["window"]["start_established"] is True
    assert {path["id"]: (path["state"], path["decided_by"]) for path in found["paths"]} == {
        "web.login": ("used", "rule"),
        "backup": ("closed", "hanako"),
    }
    lake = tmp_path / "case" / "lake"
    before = (lake / "investigation.json").read_bytes(), (lake / "attacker_events.parquet").read_bytes()
    assert main([*case, *decide, "--json"]) == 0
    assert said(capsys)["decided_now"] == 0
    (lake / "investigation.json").unlink()
    assert main([*case, "investigate", "--json"]) == 0
    assert ((lake / "investigation.json").read_bytes(), (lake / "attacker_events.parquet").read_bytes()) == before


def test_a_dismissed_indicator_is_no_longer_the_attackers(case: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*case, "investigate", "--confirm-proposed"]) == 0
    capsys.readouterr()
    dismiss = ["investigate", "--dismiss", f"address={ATTACKER}", "--reason", "our own load test", "--json"]
    assert main([*case, *dismiss]) == 0
    found = said(capsys)
    assert (found["delimited"], found["window"], found["attacker_events"]) == (False, None, {})
    assert found["indicators"][0]["basis"] == "our own load test"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (["--confirm", "address=192.0.2.99", "--reason", "x"], "no evidence shows this indicator: address=192.0.2.99"),
        (["--confirm", "statement_shape=0123456789abcdef", "--reason", "x"], "no evidence shows this indicator"),
        (["--dismiss", "account=account:7", "--reason", "x"], "no evidence shows this indicator: account=account:7"),
        (["--confirm", f"address={ATTACKER}"], "a decision needs a reason"),
        (["--confirm", "ip=1", "--reason", "x"], "an indicator is given as TYPE=VALUE"),
        (
            ["--confirm", f"address={ATTACKER}", "--dismiss", f"address={ATTACKER}", "--reason", "x"],
            "the same indicator is decided twice",
        ),
        (["--decisions", "nowhere.toml"], "the decisions file cannot be read as UTF-8"),
    ],
)
def test_a_wrong_decision_is_refused_and_nothing_is_recorded(
    case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], what: str
) -> None:
    main([*case, "investigate"])
    journal = (tmp_path / "case" / "journal.jsonl").read_bytes()
    capsys.readouterr()
    assert main([*case, "investigate", *given]) == 2
    assert what in capsys.readouterr().err
    assert (tmp_path / "case" / "journal.jsonl").read_bytes() == journal


def test_an_address_that_no_finding_names_can_be_confirmed_where_the_evidence_shows_it(
    case: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*case, "investigate", "--confirm", "address=198.51.100.1", "--reason", "police", "--json"]) == 0
    found = said(capsys)
    assert found["window"]["last"] == (at(0, 59) + timedelta()).isoformat(timespec="microseconds") + "Z"


@pytest.mark.parametrize("command", ["detect", "investigate"])
def test_without_evidence_there_is_nothing_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    folder = str(tmp_path / "case")
    main(["case", "new", folder, "--inventory", str(tmp_path / "inventory.yaml")])
    capsys.readouterr()
    assert main(["--lang", "en", "--case", folder, command]) == 1
    assert "add logs or a disclosure ledger with kakuho evidence add" in capsys.readouterr().err


def test_without_an_inventory_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "access.log").write_text(
        '198.51.100.1 - - [10/Mar/2025:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "M" 20\n', encoding="utf-8"
    )
    folder = str(tmp_path / "case")
    main(["case", "new", folder])
    main(["--case", folder, "evidence", "add", str(tmp_path / "access.log")])
    capsys.readouterr()
    assert main(["--lang", "en", "--case", folder, "detect"]) == 1
    assert "kakuho case inventory FILE" in capsys.readouterr().err
