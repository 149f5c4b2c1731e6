"""What each format but the access log makes of its lines, written out."""

# ruff: noqa: E501 - lines of logs

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from kakuho.errors import UsageError
from kakuho.evidence.formats import FORMATS, Declared, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web import records
from kakuho.evidence.formats.web.modsecurity_audit_log import ModsecurityAuditLog

from ...reading import read, source_file
from .lines_of_each import LINES

AT = dt.datetime(2025, 3, 19, 0, 0, 1)  # noqa: DTZ001 - the lake's times are UTC without a zone


def _read(name: str, tmp_path: Path, text: str | None = None, **declared: str) -> tuple[list[dict[str, Any]], Part]:
    path = tmp_path / "x.log"
    path.write_text("\n".join(LINES[name]) + "\n" if text is None else text)
    rows, part = read(FORMATS[name], path, declared=Declared(**{"time_zone": "Asia/Tokyo", **declared}))
    for row in rows:
        row["unmapped"] = json.loads(row.get("unmapped", "{}"))
        del row["byte_offset"]
    return rows, part


def test_json_access_logs_of_nginx_caddy_and_traefik(tmp_path: Path) -> None:
    (nginx, caddy, traefik), _ = _read("json_access_log", tmp_path)
    assert nginx == {
        "time": AT, "line": 1, "duration_us": 5000, "src_ip": "10.0.0.7", "method": "GET", "url_path": "/a",
        "url_query": "b=c", "http_version": "1.1", "status": 200, "bytes_out": 512, "user_agent": 'UA "1"',
        "unmapped": {"upstream_addr": "10.0.0.9:80"},
    }  # fmt: skip
    assert caddy == {
        "time": AT.replace(microsecond=500_000), "line": 2, "duration_us": 3200, "src_ip": "10.0.0.7", "src_port": 53574,
        "host": "h", "method": "GET", "url_path": "/", "url_query": "a", "http_version": "2.0", "status": 200,
        "bytes_out": 12, "user_agent": "UA", "unmapped": {},
    }  # fmt: skip
    assert traefik == {
        "time": AT.replace(microsecond=123_456), "line": 3, "duration_us": 1500, "src_ip": "10.0.0.7", "src_port": 4711,
        "host": "h", "method": "GET", "url_path": "/a", "url_query": "b", "http_version": "1.1", "status": 404,
        "bytes_out": 19, "unmapped": {"StartUTC": "2025-03-19T00:00:01.123456789Z"},
    }  # fmt: skip


def test_w3c_is_utc_and_its_fields_may_change(tmp_path: Path) -> None:
    text = "\n".join(
        [
            *LINES["w3c_log"],
            "#Date: 2025-03-19 00:00:00",
            "#Fields: time c-ip cs-method cs-uri-stem time-taken",
            "00:00:01 ::1%0 GET /b 0.5",
            "00:00:01 GET /b",
        ]
    )
    (first, second), part = _read("w3c_log", tmp_path, text)
    assert first == {
        "time": AT, "line": 2, "duration_us": 123_000, "src_ip": "10.0.0.7", "user_name": "CORP\\tanaka", "method": "GET",
        "url_path": "/a", "url_query": "q=1+2", "status": 200, "user_agent": "Mozilla/5.0 (X)",
        "unmapped": {"s-ip": "10.0.0.1", "s-port": "443", "sc-substatus": "0", "sc-win32-status": "0"},
    }  # fmt: skip
    assert (second["time"], second["src_ip"], second["duration_us"]) == (AT, "::1", 500_000)
    assert (part.ignored["directive"], [reason for *_, reason in part.rejects]) == (3, ["line_cut_off"])


def test_blocks_of_a_w3c_log_know_the_fields_before_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.log"
    lines = [
        *LINES["w3c_log"],
        *[LINES["w3c_log"][1]] * 50,
        "#Fields: date time c-ip cs-method",
        *["2025-03-19 00:00:01 ::1 GET"] * 50,
    ]
    path.write_text("\n".join(lines) + "\n")
    whole, _ = read(FORMATS["w3c_log"], path, time_zone="UTC")
    monkeypatch.setattr("kakuho.evidence.formats.blocks.BLOCK_BYTES", 300)
    monkeypatch.setattr("kakuho.evidence.formats.blocks.line_blocks.__defaults__", (300,))
    assert len(list(FORMATS["w3c_log"].blocks(source_file(path)))) > 20
    parts, _ = read(FORMATS["w3c_log"], path, time_zone="UTC")
    assert parts == whole
    assert len(whole) == 101


def test_httperr_says_why_a_request_was_refused(tmp_path: Path) -> None:
    (row,), _ = _read("httperr_log", tmp_path)
    assert (row["time"], row["src_ip"], row["src_port"], row["status"], row["unmapped"]["s-reason"]) == (
        AT,
        "10.0.0.7",
        2094,
        400,
        "Hostname",
    )
    assert FORMATS["httperr_log"].role == "partial_log"


def test_the_iis_format_is_in_local_time(tmp_path: Path) -> None:
    (row,), _ = _read("iis_log", tmp_path)
    assert row == {
        "time": AT, "line": 1, "duration_us": 15_000, "src_ip": "10.0.0.7", "method": "GET", "url_path": "/a",
        "url_query": "b=c", "status": 200, "bytes_in": 480, "bytes_out": 910,
        "unmapped": {"service": "W3SVC1", "server": "WEB1", "dst_ip": "10.0.0.1", "sc-win32-status": "0"},
    }  # fmt: skip


def test_haproxy_requests_and_connections(tmp_path: Path) -> None:
    (http, tcp, error, connect), _ = _read("haproxy_log", tmp_path)
    assert (http["time"], http["duration_us"], http["status"], http["bytes_out"]) == (
        AT.replace(microsecond=655_000),
        109_000,
        200,
        2750,
    )
    assert (http["url_path"], http["unmapped"]["termination_state"], http["unmapped"]["captured_1"]) == (
        "/a",
        "----",
        "h",
    )
    assert http["unmapped"]["timers"] == {"Tq": 10, "Tw": 0, "Tc": 30, "Tr": 69, "Tt": 109}
    assert (tcp["activity"], tcp["bytes_out"], tcp["unmapped"]["termination_state"]) == ("traffic", 212, "SC")
    assert (error["outcome"], error["message"]) == ("failure", "Connection error during SSL handshake")
    assert (connect["time"], connect["dst_ip"], connect["dst_port"]) == (AT, "10.0.0.1", 5000)


def test_load_balancers_new_and_classic(tmp_path: Path) -> None:
    (alb, classic), _ = _read("aws_elb_log", tmp_path)
    assert (alb["time"], alb["src_ip"], alb["src_port"]) == (AT.replace(microsecond=186_641), "10.0.0.7", 2817)
    assert (alb["duration_us"], alb["host"], alb["url_path"], alb["url_query"]) == (6000, "www.example.jp", "/a", "b=c")
    assert (alb["http_version"], alb["status"], alb["bytes_in"], alb["bytes_out"]) == ("2.0", 200, 34, 366)
    assert (alb["unmapped"]["trace_id"], alb["unmapped"]["dst_port"]) == ("Root=1", 443)
    assert (classic["status"], classic.get("duration_us"), classic["url_path"]) == (503, None, "/")


def test_a_body_that_looks_like_a_boundary_does_not_end_its_record(tmp_path: Path) -> None:
    (row,), part = _read("modsecurity_audit_log", tmp_path)
    assert row["request_body"] == "user=' or 1=1--&p=あ\n\n--deadbeef-A--"
    assert (row["time"], row["method"], row["url_query"], row["status"], row["duration_us"]) == (
        AT,
        "POST",
        "a=b",
        403,
        578,
    )
    assert row["unmapped"]["rules"] == [
        {"message": "Access denied with code 403 (phase 2).", "id": "942100", "msg": "SQLi", "severity": "CRITICAL", "tags": ["attack-sqli"]}
    ]  # fmt: skip
    assert (part.events, part.rejects) == (1, [])


def test_a_record_without_its_end_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = LINES["modsecurity_audit_log"][0].replace("--deadbeef-A--", "")
    (row,), part = _read("modsecurity_audit_log", tmp_path, whole[: whole.index("--7d0c19ab-F--")])
    assert row["unmapped"]["cut_off"] is True
    assert part.facts["records_cut_off"] == 1


@pytest.mark.parametrize(("written", "time"), [("+0900", AT), ("--0400", dt.datetime(2025, 3, 19, 13, 0, 1))])  # noqa: DTZ001
def test_the_zone_with_two_signs_is_the_one_with_a_minus(written: str, time: dt.datetime, tmp_path: Path) -> None:
    (row,), _ = _read("modsecurity_audit_log", tmp_path, LINES["modsecurity_audit_log"][0].replace("+0900", written))
    assert row["time"] == time


def test_modsecurity_in_json_of_both_versions(tmp_path: Path) -> None:
    (three, two), _ = _read("modsecurity_json_log", tmp_path)
    assert (three["time"], three["method"], three["url_query"], three["http_version"]) == (AT, "POST", "b", "1.1")
    assert (three["request_body"], three["status"], three["bytes_out"]) == ("x=1", 403, 9)
    assert three["unmapped"]["rules"][0]["id"] == "942100"
    assert (two["time"], two["url_path"], two["status"], two["unmapped"]["rules"][0]["id"]) == (AT, "/a", 403, "913100")


def test_error_logs(tmp_path: Path) -> None:
    (new, old), _ = _read("apache_error_log", tmp_path)
    assert (new["time"], new["pid"], new["severity"], new["event_code"]) == (
        AT.replace(microsecond=204_518),
        2203,
        "warn",
        "AH01374",
    )
    assert (new["src_ip"], new["unmapped"]["src_port"], new["unmapped"]["referrer"]) == ("10.0.0.7", 51022, "http://h/")
    assert (old["time"], old["src_ip"], old["message"]) == (AT, "10.0.0.7", "File does not exist: /var/www/全角.ico")
    (first, second), _ = _read("nginx_error_log", tmp_path)
    assert (first["time"], first["pid"], first["src_ip"], first["event_code"]) == (AT, 8817, "10.0.0.7", "2")
    assert (first["unmapped"]["url_path"], first["unmapped"]["host"]) == ("/x", "h:8080")
    assert second["message"] == "signal process started"


@pytest.mark.parametrize("name", ["apache_error_log", "nginx_error_log", "iis_log", "haproxy_log"])
def test_a_clock_without_a_zone_needs_one_declared(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("\n".join(LINES[name]) + "\n")
    with pytest.raises(UsageError, match="name no zone"):
        read(FORMATS[name], path, declared=Declared())


def test_records_are_the_same_wherever_a_file_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.log"
    path.write_text("\n".join(LINES["modsecurity_audit_log"] * 20))
    whole, _ = read(ModsecurityAuditLog(), path, time_zone="UTC")
    for size in (3000, 5000):
        monkeypatch.setattr(records, "line_blocks", lambda content, size=size: _cut(path.read_bytes(), size))
        rows, part = read(ModsecurityAuditLog(), path, time_zone="UTC")
        assert (rows, part.lines) == (whole, path.read_bytes().count(b"\n"))


def _cut(data: bytes, size: int) -> list[LineBlock]:
    blocks, at, line = [], 0, 1
    while at < len(data):
        end = data.find(b"\n", at + size) + 1 or len(data)
        blocks.append(LineBlock(data[at:end], at, line))
        line += data[at:end].count(b"\n")
        at = end
    return blocks
