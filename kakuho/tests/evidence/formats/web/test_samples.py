"""Logs of other projects, field by field against what those projects expect of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import FORMATS, Declared
from kakuho.evidence.identification import identify

from ...reading import read, recognise
from ...samples import sample
from .differences import DIFFERENCES, Difference
from .expected import Compared, compare
from .lines_of_each import CARRIERS
from .sample_list import WITH_EXPECTED


def _declared(compared: Compared, field: str, theirs: object, ours: object) -> Difference | None:
    for difference in DIFFERENCES:
        if compared.format_name in difference.formats and field == difference.field and difference.holds(theirs, ours):
            return difference
    return None


@pytest.mark.parametrize(
    ("format_name", "parts", "zone"), WITH_EXPECTED, ids=["/".join(p[-6:]) for _, p, _ in WITH_EXPECTED]
)
def test_every_field_is_as_expected_or_the_difference_is_declared(
    format_name: str, parts: tuple[str, ...], zone: str
) -> None:
    compared = compare(format_name, parts, zone)
    undeclared = [row for row in compared.different if _declared(compared, *row[1:]) is None]
    assert undeclared == []
    assert compared.equal > 0


def test_every_declared_difference_still_occurs() -> None:
    found: Counter[str] = Counter()
    of_format: dict[str, Counter[str]] = {}
    for format_name, parts, zone in WITH_EXPECTED:
        compared = compare(format_name, parts, zone)
        differences = [_declared(compared, *row[1:]) for row in compared.different]
        found.update(difference.why for difference in differences if difference is not None)
        counts = of_format.setdefault(format_name, Counter())
        counts.update(samples=1, events=compared.events, equal=compared.equal, declared=len(differences))
    for format_name, counts in of_format.items():
        print(f"{format_name:24}", *(f"{name} {count:5}" for name, count in counts.items()))
    assert [difference.why for difference in DIFFERENCES if not found[difference.why]] == []


@pytest.mark.parametrize(
    ("format_name", "parts", "zone"), WITH_EXPECTED, ids=["/".join(p[-6:]) for _, p, _ in WITH_EXPECTED]
)
def test_every_sample_is_recognised_as_its_format_and_no_other_of_the_family(
    format_name: str, parts: tuple[str, ...], zone: str
) -> None:
    path = sample(*parts)
    sure = {name for name, known in FORMATS.items() if (found := recognise(known, path)) and found.confidence >= 0.5}
    assert sure - CARRIERS == {format_name}
    identified = identify(PlainContent(path), path.name)
    assert identified.format.name == format_name


_WEB = ("dissect-target", "apps", "webserver")
_MODSECURITY = ("modsecurity-native", "sample_audit_log")
_ATTACKS = ("evtx-attack-samples", "Command and Control")


@pytest.mark.parametrize(
    ("format_name", "parts", "events", "rejected"),
    [
        ("access_log", (*_WEB, "apache", "access.log"), 6, 0),
        ("access_log", (*_WEB, "nginx", "access.log"), 2, 0),
        ("access_log", (*_WEB, "citrix", "httpaccess.log"), 2, 0),
        ("json_access_log", (*_WEB, "caddy", "access.log"), 2, 0),
        ("apache_error_log", (*_WEB, "apache", "error.log"), 3, 0),
        ("iis_log", (*_WEB, "iis", "iis-logs-iis", "W3SVC1", "u_in211001.log"), 10, 0),
        ("w3c_log", (*_WEB, "iis", "iis-logs-w3c", "W3SVC1", "u_ex211001_x.log"), 20, 0),
        ("modsecurity_audit_log", (*_MODSECURITY, "modsec_audit.log"), 4, 0),
        ("modsecurity_audit_log", (*_MODSECURITY, "modsec_audit_v2.log"), 4, 0),
        ("modsecurity_audit_log", (*_MODSECURITY, "modsec_audit_v2_timems.log"), 4, 0),
        ("modsecurity_audit_log", (*_MODSECURITY, "modsec_audit_v2_utc_minus.log"), 3, 0),
        ("modsecurity_audit_log", (*_MODSECURITY, "modsec_audit_v3.log"), 4, 0),
        ("modsecurity_json_log", (*_MODSECURITY, "modsec_audit_v2_json.log"), 4, 0),
        ("w3c_log", (*_ATTACKS, "Tunna_rdp_tunnel_IIS.log"), 4298, 0),
        ("access_log", (*_ATTACKS, "web_attack_and_isp_webshell_localhost_access_log.txt"), 2661, 0),
    ],
)
def test_no_line_of_a_sample_is_lost(format_name: str, parts: tuple[str, ...], events: int, rejected: int) -> None:
    path = sample(*parts)
    recognised = recognise(FORMATS[format_name], path)
    assert recognised is not None
    assert recognised.confidence > 0.9
    _, part = read(FORMATS[format_name], path, time_zone="UTC")
    assert (part.events, len(part.rejects)) == (events, rejected)


@pytest.mark.parametrize(
    ("file", "format_name", "of_this_format", "lines"),
    [
        ("apache.ini", "apache_error_log", r"\[[A-Z][a-z]{2} ", 12),
        ("modsecurity.ini", "apache_error_log", r"\[[A-Z][a-z]{2} ", 6),
        ("nginx.ini", "nginx_error_log", r"\d{4}/", 12),
        ("web_appsec.ini", "access_log", r"[\d.]+ - - \[", 34),
    ],
)
def test_the_lines_that_ossec_tests_with(
    file: str, format_name: str, of_this_format: str, lines: int, tmp_path: Path
) -> None:
    text = sample("ossec-log-tests", "tests", file).read_text(encoding="utf-8")
    given = re.findall(rf"^log \d+ \w+ = ({of_this_format}.*)$", text, re.MULTILINE)
    path = tmp_path / "lines.log"
    path.write_text("\n".join(given) + "\n")
    rows, part = read(FORMATS[format_name], path, declared=Declared("UTC"))
    assert (len(given), len(rows), part.rejects) == (lines, lines, [])
