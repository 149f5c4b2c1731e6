"""A tracked file holds nothing of the machine it was written on, of a package index, or of the tools that wrote it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOSTS = tuple(".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org")))
MACHINE_PATH = re.compile(
    r"(?<![\w.~$})\]/>-])/(?:home|Users|root|work|workspaces?|private|mnt)/[\w.+-]+|\b[A-Z]:\\{1,2}Users\\"
)
FICTIONAL_HOMES = frozenset({"/home/sakura", "/home/hanako"})
"""Homes of the people in sample logs, who do not exist."""
INDEX_OPTION = re.compile(r"(?<![\w-])--(?:index-url|extra-index-url|find-links|default-index)\b")
WORD = re.compile(r"[A-Za-z]{3,}")
TOOLS = frozenset(
    {
        "053ea4804ef1bb33",
        "3ea125d0bff386e6",
        "487b91042c7cf27a",
        "5792d2981981be5a",
        "57de4cf40144bdf7",
        "5d0c0ab127fdea24",
        "5d72436256ada538",
        "60965168ce762e94",
        "7d3194f79e645c42",
        "c70eca6b0f88f44d",
        "c857d09db23e6822",
        "de2187af3fb01170",
        "ebde709e306badca",
    }
)
"""Programs that write text: the first 16 digits of SHA-256 of the name in lower case, so that no name stands here."""

Finder = Callable[[str], Iterator[str]]


def hosts(line: str) -> Iterator[str]:
    """Hosts of package indexes, and options that name one."""
    yield from (host for host in HOSTS if host in line.lower())
    yield from (found.group() for found in INDEX_OPTION.finditer(line))


def machine_paths(line: str) -> Iterator[str]:
    """Absolute paths into somebody's home or working folder."""
    yield from (found.group() for found in MACHINE_PATH.finditer(line) if found.group() not in FICTIONAL_HOMES)


def tools(line: str) -> Iterator[str]:
    """Names of tools, whole words in any case."""
    for word in set(WORD.findall(line)):
        if hashlib.sha256(word.lower().encode()).hexdigest()[:16] in TOOLS:
            yield word


@pytest.mark.parametrize("finder", [hosts, machine_paths, tools], ids=lambda finder: finder.__name__)
def test_no_tracked_file_holds_any(tracked_files: list[Path], root: Path, finder: Finder) -> None:
    found = []
    for file in tracked_files:
        if file.name == "requirements.lock" and finder is tools:
            continue  # names of packages and digits of hashes only
        lines = file.read_bytes().decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, start=1):
            found += [f"{file.relative_to(root)}:{number}: {what}" for what in finder(line)]
    assert found == []


@pytest.mark.parametrize(
    ("line", "finder"),
    [
        ("see /home/" + "somebody/notes.txt", machine_paths),
        ("run in '/work/" + "main'", machine_paths),
        ("https://" + HOSTS[0] + "/simple", hosts),
        ("pip install --" + "index-url X", hosts),
    ],
)
def test_each_kind_is_recognised(line: str, finder: Finder) -> None:
    assert list(finder(line))


@pytest.mark.parametrize(
    "line", ["`{key}/work/claims`", "https://example.jp/home/news", "the /staff/ pages", "$HOME/x"]
)
def test_a_path_of_a_url_or_a_variable_is_no_machine_path(line: str) -> None:
    assert list(machine_paths(line)) == []
