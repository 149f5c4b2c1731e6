"""The HTTP side of the hand-written scripts: one request at a time from an address of its own, to 127.0.0.1 only."""

import http.client
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from drills.loopback import TARGET, require_loopback, require_loopback_source

_AGENT = "python-requests/2.32.3"


@dataclass(frozen=True)
class Answered:
    status: int
    size: int


class Client:
    """Asks one page, whose parameter's value is percent-encoded to the last reserved character."""

    def __init__(self, site: str, source_address: str) -> None:
        self._port = urlsplit(require_loopback(site)).port
        self._source = require_loopback_source(source_address)

    def get(self, page: str, value: str) -> Answered:
        """`page` ends with the parameter's name and `=`."""
        connection = self._connection()
        connection.request("GET", page + quote(value, safe=""), headers={"User-Agent": _AGENT})
        answer = connection.getresponse()
        size = len(answer.read())
        connection.close()
        return Answered(answer.status, size)

    def give_up(self, page: str, value: str) -> None:
        """Send the request and hang up before the answer, as a client does whose time is over."""
        connection = self._connection()
        connection.connect()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.request("GET", page + quote(value, safe=""), headers={"User-Agent": _AGENT})
        connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(TARGET, self._port, timeout=60, source_address=(self._source, 0))
