"""Attack traffic stays on this machine, by construction: three walls, each refusing whatever is not 127.0.0.1.

1. `require_loopback(url)` judges a URL before anything is started with it.
2. `install_guard()` puts an audit hook into the running interpreter that refuses the connection itself. Such a hook
   cannot be taken out again, so nothing that runs later in the process gets around it.
3. `child_environment()` makes a Python program that the drill starts (sqlmap) install the same guard before its own
   first line, through `child_guard/sitecustomize.py`; proxies of the environment are taken away.
"""

import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TARGET = "127.0.0.1"
CHILD_GUARD = Path(__file__).parent / "child_guard"
SOURCE_ADDRESS_VARIABLE = "DRILL_SOURCE_ADDRESS"
_NAME_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class NotLoopbackError(PermissionError):
    """Something in a drill reached for a machine other than this one."""


def require_loopback(url: str) -> str:
    """Return `url` if it is plain HTTP to 127.0.0.1 with a port, else refuse it."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname != TARGET or parts.username or not parts.port:
        raise NotLoopbackError(
            f"a drill only talks to http://{TARGET}:<port>/, not to {parts.scheme}://{parts.hostname}"
        )
    return url


def require_loopback_source(address: str) -> str:
    """Return `address` if it lies in 127.0.0.0/8: the clients of a drill differ by loopback address."""
    if ipaddress.ip_address(address) not in ipaddress.ip_network("127.0.0.0/8"):
        raise NotLoopbackError(f"a drill's clients live in 127.0.0.0/8, not at {address}")
    return address


def install_guard() -> None:
    """Refuse, for the rest of this process, every connection and name look-up that is not for 127.0.0.1."""
    sys.addaudithook(_refuse_other_machines)


def child_environment(source_address: str) -> dict[str, str]:
    """The environment of a program that may only reach 127.0.0.1, and does so from `source_address`."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {
        "PYTHONPATH": str(CHILD_GUARD),
        SOURCE_ADDRESS_VARIABLE: require_loopback_source(source_address),
    }


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTIONS:
        connecting, address = arguments[0], arguments[1]
        if address is None or connecting.family == socket.AF_UNIX:
            return
        if connecting.family != socket.AF_INET or address[0] != TARGET:
            raise NotLoopbackError(f"refused: {event} to {address!r}; a drill only talks to {TARGET}")
    elif event in _NAME_LOOKUPS and arguments[0] not in (TARGET, TARGET.encode()):
        raise NotLoopbackError(f"refused: look-up of {arguments[0]!r}; a drill only talks to {TARGET}")
