"""Makes ``data/chromium/login.har``: Chromium signs in at a server on 127.0.0.1 and looks at a record.

    .venv/bin/python kakuho/tests/evidence/data/make/chromium.py

Needs Debian's chromium. All data are made up.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

HAR = Path(__file__).parents[1] / "chromium" / "login.har"
FORM = """<meta charset=utf-8><link rel=icon href="data:,"><form method=post action="/login?next=%2Fpolicies%2F">
<input name=user><input name=password type=password><button>ログイン</button></form>"""


class Site(BaseHTTPRequestHandler):
    """A form, what it posts to, and a page behind it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(200, FORM)
        elif self.path.startswith("/policies/"):
            self._answer(200, '<meta charset=utf-8><link rel=icon href="data:,">証券番号 P-0001')
        else:
            self._answer(404, "")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Location", "/policies/?no=P-0001")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Run the server and the browser, keep the archive."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            record_har_path=HAR, record_har_content="omit", user_agent="Mozilla/5.0 (made up)"
        )
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.fill("[name=user]", "山田花子")
        page.fill("[name=password]", "made-up")
        page.click("button")
        page.wait_for_url("**/policies/**")
        version = browser.version
        context.close()
        browser.close()
    server.shutdown()
    text = HAR.read_text(encoding="utf-8").replace(str(server.server_port), "8000")
    HAR.write_text(text, encoding="utf-8")
    print(f"Chromium {version}: {len(json.loads(text)['log']['entries'])} entries")


if __name__ == "__main__":
    main()
