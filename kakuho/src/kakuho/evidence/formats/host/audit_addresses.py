"""The socket address of a SOCKADDR record: ``struct sockaddr`` in hexadecimal, as the machine lays it out.

The family is in the machine's byte order (little-endian on all machines that we know the system calls of), the port in
network order: ``ip(7)``, ``ipv6(7)``, ``unix(7)``.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

_UNIX, _INET, _INET6 = 1, 2, 10
_SHORTEST = {_INET: 8, _INET6: 24}


@dataclass(frozen=True)
class SocketAddress:
    """An IP address with its port, or the path of a local socket."""

    ip: str | None = None
    port: int | None = None
    path: str | None = None


def socket_address(saddr: str) -> SocketAddress | None:
    """What ``saddr`` says; None for other families and for what is cut off."""
    try:
        data = bytes.fromhex(saddr)
    except ValueError:
        return None
    family = int.from_bytes(data[:2], "little")
    if family == _UNIX:
        name = data[2:].lstrip(b"\0").partition(b"\0")[0]
        return SocketAddress(path=name.decode("utf-8", "backslashreplace"))
    if len(data) < _SHORTEST.get(family, len(data) + 1):
        return None
    port: int = struct.unpack_from(">H", data, 2)[0]
    address = data[4:8] if family == _INET else data[8:24]
    return SocketAddress(ip=str(ipaddress.ip_address(address)), port=port)
