"""Other people in the shop while it is attacked: a few addresses that look at items, search and follow short links."""

import http.client
import random
import threading
from types import TracebackType
from urllib.parse import quote, urlsplit

from drills.loopback import TARGET, require_loopback, require_loopback_source

_ADDRESSES = ("127.0.3.11", "127.0.3.12", "127.0.3.13")
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
)
_PAGES = (
    *(
        "/",
        "/item?id=1",
        "/item?id=2",
        "/item?id=5",
        "/item?id=77",
        "/quiet?id=3",
        "/laggy?id=2",
        "/noisy?id=4",
        "/echo?id=9",
    ),
    *("/echo?id=9", "/go?ref=tea-01", "/go?ref=old", "/union?ref=pot-01", "/err?id=6", "/b64?id=Mg==", "/twice?id=3"),
    *(f"/search?q={quote(word)}" for word in ("茶", "cup", "teapot", "Levi's")),
)


class Visitors:
    """A context in which people visit; each waits a moment (mean `pause` seconds) between two pages."""

    def __init__(self, site: str, pause: float = 0.4, seed: int = 1) -> None:
        self._server = urlsplit(require_loopback(site)).netloc
        self._pause, self._seed = pause, seed
        self._gone = threading.Event()
        self._threads = [
            threading.Thread(target=self._visit, args=(number,), daemon=True) for number in range(len(_ADDRESSES))
        ]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._gone.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, number: int) -> None:
        chance = random.Random(self._seed * 100 + number)  # noqa: S311
        source = require_loopback_source(_ADDRESSES[number])
        while not self._gone.wait(chance.expovariate(1 / self._pause)):
            connection = http.client.HTTPConnection(TARGET, int(self._server.rpartition(":")[2]), timeout=30)
            connection.source_address = (source, 0)
            connection.request("GET", chance.choice(_PAGES), headers={"User-Agent": _AGENTS[number]})
            connection.getresponse().read()
            connection.close()
