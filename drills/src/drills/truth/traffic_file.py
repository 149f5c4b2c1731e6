"""The bodies in a traffic file that sqlmap wrote (`-t`): its requests and answers as text, divided by a line of #."""

import re
from collections.abc import Iterator
from pathlib import Path

_DIVIDER = re.compile(r"^#{76}$", re.MULTILINE)
_ANSWER = re.compile(
    r"^HTTP response \[#\d+\] \((?P<status>\d{3})[^\n]*\n(?P<head>(?:[^\n]+\n)*)\n(?P<body>.*)", re.M | re.S
)


def bodies(file: Path) -> Iterator[tuple[int, str]]:
    """Status and body of every answer, in order."""
    for exchange in _DIVIDER.split(file.read_text(encoding="utf-8", errors="replace")):
        answer = _ANSWER.search(exchange)
        if answer:
            yield int(answer["status"]), answer["body"]
