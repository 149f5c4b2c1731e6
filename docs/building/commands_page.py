"""``docs/commands.md``: every command and option of every program, with the words of its own ``--help``."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from building.programs import Command

HEAD = """\
# コマンド / Commands

<!-- docs/build.py がプログラムから生成します。手で直さず `make docs` を実行してください。
     Generated from the programs by docs/build.py: run `make docs` instead of editing. -->

`make setup` のあと、プログラムは `.venv/bin/` にあります。どのコマンドにも `--help` があります。
After `make setup` the programs are in `.venv/bin/`. Every command has `--help`.
"""
_TYPES = {Path: "PATH", int: "NUMBER", float: "NUMBER", str: "TEXT"}


def commands_page(commands: Iterable[Command]) -> str:
    """The whole page, ending with a newline."""
    return "\n".join([HEAD, *("\n".join(_section(command)) for command in commands)])


def _section(command: Command) -> list[str]:
    lines = [f"{'##' if len(command.path) == 1 else '###'} {command.name}", "", command.help, ""]
    if not command.is_group or command.options:
        lines += ["```text", usage(command), "```", ""]
    rows = [*(_argument_row(one) for one in command.arguments), *(_option_row(one) for one in command.options)]
    if rows:
        lines += [
            "| 引数・オプション / argument, option | 意味 / meaning | 既定 / default |",
            "|---|---|---|",
            *rows,
            "",
        ]
    return lines


def usage(command: Command) -> str:
    """One line: what to type."""
    parts = [command.name]
    if command.options:
        parts.append("[OPTIONS]")
    if command.is_group:
        parts.append("COMMAND …")
    parts += [value_name(one) if one.required else f"[{value_name(one)}]" for one in command.arguments]
    return " ".join(parts)


def value_name(parameter: Any) -> str:
    """What stands for the parameter's value in a usage line: its metavar, its choices, or its type."""
    if parameter.metavar:
        return str(parameter.metavar)
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    annotation = parameter.type_descriptor.annotation
    members = [str(member.value) for member in getattr(annotation, "__members__", {}).values()]
    return "|".join(members) or "|".join(map(str, typing.get_args(annotation))) or _TYPES.get(annotation, "VALUE")


def _argument_row(argument: Any) -> str:
    return _row(f"`{value_name(argument)}`", argument)


def _option_row(option: Any) -> str:
    names = "`, `".join((*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" {value_name(option)}"
    return _row(f"`{names}{value}`", option)


def _row(what: str, parameter: Any) -> str:
    default = parameter.default
    shown = "" if default in (None, "", False) or not parameter.show_default else f"`{default}`"
    if parameter.required:
        shown = "必須 / required"
    return "| " + " | ".join(_escaped(cell) for cell in (what, parameter.help or "", shown)) + " |"


def _escaped(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())
