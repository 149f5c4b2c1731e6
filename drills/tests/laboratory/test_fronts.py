"""Without a web server on the machine, gunicorn's own log stands in."""

import re

import pytest

from drills.laboratory import fronts
from drills.laboratory.engines import start_sqlite
from drills.laboratory.scripts.client import Client
from drills.loopback import NotLoopbackError


def test_gunicorn_writes_the_combined_format_and_the_duration(processes, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(fronts, "_ADMINISTRATORS_PATH", str(tmp_path))
    front = fronts.open_shop(processes, start_sqlite(processes, tmp_path), tmp_path / "front")
    assert Client(front.site, "127.0.5.21").get("/item?id=", "3 and 1=1").status == 200
    assert list(front.logs) == ["gunicorn-time"]
    processes.end_all()  # the line is written after the answer
    [line] = front.logs["gunicorn-time"].read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(
        r'127\.0\.5\.21 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]'
        r' "GET /item\?id=3%20and%201%3D1 HTTP/1\.1" 200 \d+ "-" "python-requests/2\.32\.3" 0\.\d{6}',
        line,
    )  # fmt: skip


def test_a_script_asks_no_other_machine():
    with pytest.raises(NotLoopbackError):
        Client("http://192.0.2.1:80", "127.0.5.21")
    with pytest.raises(NotLoopbackError):
        Client("http://127.0.0.1:80", "192.0.2.7")
