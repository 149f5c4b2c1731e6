"""docs/commands.md says what every program of the repository can do, in the words of its own help."""

from __future__ import annotations

from pathlib import Path

from building.commands_page import commands_page
from building.programs import Command, programs


def test_the_repository_has_four_programs(root: Path) -> None:
    assert list(programs(root)) == ["kakuho", "disclosure-ledger", "kakuho-drill", "petinsurance"]


def test_the_page_is_what_the_programs_say_today(root: Path, every_command: list[Command]) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == commands_page(every_command), "docs/commands.md is stale: run `make docs`"


def test_every_command_has_a_section_and_every_option_a_row(root: Path, every_command: list[Command]) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = {text.split("\n", 1)[0]: text for text in page.replace("\n### ", "\n## ").split("\n## ")}
    assert [one.name for one in every_command if one.name not in sections] == []
    missing = [
        f"{one.name} {name}" for one in every_command for option in one.options for name in option.opts
        if f"`{name}" not in sections[one.name]
    ]  # fmt: skip
    assert missing == []


def test_every_command_argument_and_option_explains_itself(every_command: list[Command]) -> None:
    texts = {one.name: one.help for one in every_command}
    texts |= {f"{one.name} {p.name}": p.help or "" for one in every_command for p in (*one.arguments, *one.options)}
    assert [name for name, text in texts.items() if not text.strip()] == []
