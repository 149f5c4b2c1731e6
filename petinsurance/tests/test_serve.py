"""`petinsurance serve` from nothing to a page in a browser: one command, then Debian's Chromium logs in at My Page."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

PROGRAM = Path(sys.executable).parent / "petinsurance"
ACCESS_LOG_LINE = re.compile(
    r'127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0900\] "[A-Z]+ /\S* HTTP/1\.1" \d{3} (\d+|-) '
    r'"[^"]*" "[^"]*" \d+'
)
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="Chromium is not installed (apt-get install chromium)"
)


@dataclass(frozen=True)
class Site:
    url: str
    logins: dict[str, tuple[str, str]]
    """role → (login, password), as the command printed them."""
    log_dir: Path


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="petinsurance-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        data_dir = Path(folder) / "data"
        command = [PROGRAM, "serve", "--scale", "0.001", "--seed", "7", "--port", str(port), "--data-dir", data_dir]
        out = Path(folder) / "out"
        with out.open("wb") as sink:
            server = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
        try:
            wait_until_it_listens(port, server, out)
            logins = {
                role: (login, password)
                for role, login, password in re.findall(r"/login/\s+(\S+)\s+(\S+)\s+(\S+)\n", out.read_text())
            }
            yield Site(f"http://127.0.0.1:{port}", logins, data_dir / "logs")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        assert not (data_dir / "pgdata" / "postmaster.pid").exists(), "the database was left running"


def wait_until_it_listens(port: int, server: subprocess.Popen, out: Path) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, out.read_text()
        time.sleep(0.1)
    raise AssertionError(out.read_text())


def test_it_says_where_to_log_in_as_whom(site: Site) -> None:
    assert set(site.logins) == {"policyholder", "call_centre", "adjuster", "liability_handler", "agency"}


@needs_chromium
def test_a_policyholder_logs_in_with_a_browser(site: Site, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    login, password = site.logins["policyholder"]
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1100, "height": 760})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto(f"{site.url}/mypage/")
        page.get_by_label("メールアドレス").fill(login)
        page.get_by_label("パスワード").fill(password)
        page.get_by_role("button", name="ログイン").click()
        page.wait_for_url(f"{site.url}/mypage/")
        assert page.locator("h1").inner_text().endswith("さま")
        assert page.locator("tbody tr").count() >= 1
        page.screenshot(path=tmp_path / "mypage.png", full_page=True)
        page.get_by_role("link", name="お客さま情報").click()
        page.wait_for_url(f"{site.url}/mypage/profile/")
        assert re.search(r"••••\d{3}", page.locator("main").inner_text())
        page.screenshot(path=tmp_path / "profile.png", full_page=True)
        page.get_by_role("button", name="ログアウト").click()
        page.wait_for_url(f"{site.url}/mypage/login/")
        chromium.close()
    assert complaints == []
    assert (tmp_path / "mypage.png").stat().st_size > 10_000


def test_a_visit_without_a_browser_is_in_the_access_log_and_in_the_ledger(site: Site) -> None:
    login, password = site.logins["policyholder"]
    visitor = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    form = visitor.open(f"{site.url}/mypage/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    answers = urlencode({"csrfmiddlewaretoken": token, "login": login, "password": password})
    assert visitor.open(f"{site.url}/mypage/login/", answers.encode()).url == f"{site.url}/mypage/"
    lines = (site.log_dir / "access.log").read_text().splitlines()
    assert [line for line in lines if not ACCESS_LOG_LINE.fullmatch(line)] == []
    assert any('"POST /mypage/login/ HTTP/1.1" 302' in line for line in lines)
    ledger = "".join(segment.read_text() for segment in (site.log_dir / "ledger").glob("*.jsonl"))
    assert '"purpose":"self_service"' in ledger
    assert login not in ledger
