"""Nothing in a drill talks to another machine. The refusal is shown on addresses that nobody answers at (RFC 5737)."""

import http.server
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from drills import loopback
from drills.loopback import NotLoopbackError, child_environment, require_loopback, require_loopback_source
from drills.processes import Processes
from drills.scenarios.sqlmap import Target, run
from drills.traffic.browser import Browser


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1:8000/",
        "http://example.org:8000/",
        "http://localhost:8000/",
        "http://127.0.0.2:8000/",
        "http://127.0.0.1.example.org:8000/",
        "http://127.0.0.1@192.0.2.1:8000/",
        "http://[::1]:8000/",
        "https://127.0.0.1:8000/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_a_url_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(NotLoopbackError):
        require_loopback(url)


def test_a_port_on_127_0_0_1_is_accepted() -> None:
    assert require_loopback("http://127.0.0.1:8000/legacy?no=1") == "http://127.0.0.1:8000/legacy?no=1"


def test_a_browser_cannot_be_made_for_another_machine() -> None:
    with pytest.raises(NotLoopbackError):
        Browser("http://192.0.2.1:8000", "127.10.0.1", "test", lambda _: None)


def test_a_client_address_outside_127_is_refused() -> None:
    with pytest.raises(NotLoopbackError):
        require_loopback_source("192.0.2.1")


def test_sqlmap_is_not_even_started_for_another_machine(tmp_path: Path) -> None:
    with pytest.raises(NotLoopbackError), Processes() as processes:
        run(processes, "http://192.0.2.1:8000/x?no=1", Target("policy", ("id",), "U"), "127.10.0.1", tmp_path / "out")


_GUARDED = "from drills.loopback import install_guard; install_guard(); import socket; "


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.create_connection(('127.0.0.2', 80), 1)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.gethostbyname('example.org')",
        "socket.socket(socket.AF_INET6).connect(('::1', 80))",
        "__import__('urllib.request').request.urlopen('http://192.0.2.1/', timeout=1)",
    ],
)
def test_a_guarded_interpreter_refuses_the_connection_itself(attempt: str) -> None:
    answer = subprocess.run([sys.executable, "-c", _GUARDED + attempt], capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "a drill only talks to 127.0.0.1" in answer.stderr


def test_a_guarded_child_reaches_only_127_0_0_1_and_from_its_own_address(tmp_path: Path) -> None:
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.client_address[0])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        program = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).status)"
        command = [sys.executable, "-c", program]
        inside = f"http://127.0.0.1:{server.server_port}/"
        environment = child_environment("127.66.6.6")
        reached = subprocess.run([*command, inside], env=environment, capture_output=True, text=True, check=False)
        thread.join()
    refused = subprocess.run(
        [*command, "http://192.0.2.1:9/"], env=environment, capture_output=True, text=True, check=False
    )
    assert reached.stdout.strip() == "204"
    assert seen == ["127.66.6.6"]
    assert refused.returncode != 0
    assert "a drill only talks to 127.0.0.1" in refused.stderr


def test_a_child_whose_guard_fails_does_not_start() -> None:
    environment = child_environment("127.66.6.6")
    del environment[loopback.SOURCE_ADDRESS_VARIABLE]
    answer = subprocess.run([sys.executable, "-c", "print('ran')"], env=environment, capture_output=True, check=False)
    assert answer.returncode == 70
    assert b"ran" not in answer.stdout


def test_proxies_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("https_proxy", "http://192.0.2.1:3128")
    assert not [name for name in child_environment("127.0.0.9") if name.lower().endswith("_proxy")]
