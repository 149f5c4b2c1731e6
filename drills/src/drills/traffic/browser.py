"""A browser: cookies, forms with their CSRF tokens, referrers, redirects, over real TCP from an address of its own."""

import ssl
from collections.abc import Callable

import httpx

from drills.loopback import require_loopback, require_loopback_source
from drills.traffic.page import Form, Page

Recorder = Callable[[httpx.Response], None]
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a drill speaks plain HTTP; loading trust roots costs 30 ms a visit
_ONE_REQUEST_A_CONNECTION = httpx.Limits(max_keepalive_connections=0)


class UnexpectedAnswerError(RuntimeError):
    """The server answered an ordinary visitor with an error: the drill's life is not the planned one."""


class Browser:
    """One person's browser. `answered` is told of every response, redirects included."""

    def __init__(self, site: str, address: str, user_agent: str, answered: Recorder) -> None:
        self._site = require_loopback(site)
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(
                verify=_NO_TLS, local_address=require_loopback_source(address), limits=_ONE_REQUEST_A_CONNECTION
            ),
            base_url=site,
            headers={"User-Agent": user_agent, "Accept-Language": "ja,en;q=0.8", "Accept": "text/html,*/*;q=0.8"},
            follow_redirects=True,
            timeout=60.0,
            trust_env=False,
            event_hooks={"request": [_only_loopback], "response": [answered]},
        )
        self._at = ""

    def open(self, path: str, *, may_fail: bool = False, **parameters: str) -> Page:
        """Follow a link or a bookmark."""
        return self._page(self._client.get(path, params=parameters or None, headers=self._referrer()), may_fail)

    def submit(self, form: Form, *, may_fail: bool = False, follow: bool = True, **values: str) -> Page:
        """Fill the named fields, leave the others as the page had them, and send the form."""
        filled = form.values | values
        response = self._client.request(
            form.method,
            form.action,
            params=filled if form.method == "get" else None,
            data=None if form.method == "get" else filled,
            headers=self._referrer(),
            follow_redirects=follow,
        )
        return self._page(response, may_fail)

    def close(self) -> None:
        self._client.close()

    def _referrer(self) -> dict[str, str]:
        return {"Referer": self._at} if self._at else {}

    def _page(self, response: httpx.Response, may_fail: bool) -> Page:
        if response.status_code >= 400 and not may_fail:
            path = response.request.url.path
            raise UnexpectedAnswerError(f"{response.request.method} {path} was answered with {response.status_code}")
        self._at = str(response.url)
        return Page(self._at, response.status_code, response.text)


def _only_loopback(request: httpx.Request) -> None:
    require_loopback(str(request.url))
