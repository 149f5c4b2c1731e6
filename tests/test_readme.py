"""What the pages tell people to type exists: programs, commands, options, make targets."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from building.drill_block import BEGIN, END, filled
from building.programs import Command

FENCE = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
README_COMMANDS = [
    "kakuho inventory draft", "kakuho inventory check",
    "kakuho case new", "kakuho evidence identify", "kakuho evidence add", "kakuho evidence show",
    "kakuho evidence manifest", "kakuho detect",
    "kakuho investigate", "kakuho investigate", "kakuho assess", "kakuho assess", "kakuho assess", "kakuho report",
    "kakuho explain",
]  # fmt: skip


@pytest.fixture(scope="module")
def by_name(every_command: list[Command]) -> dict[str, Command]:
    return {command.name: command for command in every_command}


def typed_lines(page: str) -> Iterator[str]:
    """The lines of a page's shell blocks: continuation lines joined, comments and prompts taken off."""
    for block in FENCE.findall(page):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"(?:^|\s)#.*$", "", line).removeprefix("$ ").strip()
            if command:
                yield command


def command_of(line: str, by_name: dict[str, Command]) -> tuple[Command, list[str]]:
    """The command that a line types, and the options in it; an AssertionError where there is no such command."""
    words = [word.removeprefix(".venv/bin/") for word in shlex.split(line)]
    command = by_name[words[0]]
    options = [word for word in words[1:] if word.startswith("--")]
    positional = [word for word in words[1:] if not word.startswith("-")]
    while command.is_group:
        name = next((f"{command.name} {word}" for word in positional if f"{command.name} {word}" in by_name), None)
        assert name is not None, f"no such command: {line}"
        command = by_name[name]
    return command, options


def lines_of_programs(pages: list[Path], by_name: dict[str, Command]) -> list[tuple[Path, str]]:
    found = []
    for page in pages:
        for line in typed_lines(page.read_text(encoding="utf-8")):
            if line.split()[0].removeprefix(".venv/bin/") in by_name:
                found.append((page, line))
    return found


def test_commands_and_options_that_pages_show_exist(pages: list[Path], by_name: dict[str, Command]) -> None:
    wrong = []
    for page, line in lines_of_programs(pages, by_name):
        command, options = command_of(line, by_name)
        groups = [by_name[" ".join(command.path[:depth])] for depth in range(1, len(command.path))]
        known = {name for one in (command, *groups) for option in one.options for name in option.opts} | {"--help"}
        wrong += [f"{page.name}: {line}: {name}" for name in options if name.split("=")[0] not in known]
    assert wrong == []


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_readme_takes_a_real_case_through_with_these_commands(
    root: Path, by_name: dict[str, Command], name: str
) -> None:
    lines = lines_of_programs([root / name], by_name)
    assert [command_of(line, by_name)[0].name for _, line in lines] == README_COMMANDS


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_first_screen_has_both_languages_the_two_commands_and_the_drill(root: Path, name: str) -> None:
    page = (root / name).read_text(encoding="utf-8")
    first_screen = page[: page.index(END)]
    assert "誰の、どの情報が、どれほど確かに漏れたか" in first_screen
    assert "Whose data got out, which items, and how sure" in first_screen
    assert list(typed_lines(first_screen[: first_screen.index(BEGIN)])) == ["make drill", "make test"]
    assert first_screen.index(BEGIN) < 2_500


def test_make_targets_that_pages_show_exist(root: Path, pages: list[Path]) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {
        (page.name, line.split()[1])
        for page in pages
        for line in typed_lines(page.read_text(encoding="utf-8"))
        if line.startswith("make ")
    }
    asked |= {
        (page.name, target)
        for page in pages
        for target in re.findall(r"`make ([a-z]+)[^`]*`", page.read_text(encoding="utf-8"))
    }
    assert {("README.md", "drill"), ("README.md", "test")} <= asked
    assert sorted((page, target) for page, target in asked if target not in targets) == []


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_readme_shows_a_drill_that_passed(root: Path, name: str) -> None:
    page = (root / name).read_text(encoding="utf-8")
    block = page[page.index(BEGIN) + len(BEGIN) : page.index(END)]
    assert filled(page, block.split("$ make drill\n", 1)[1].rpartition("```")[0]) == page
