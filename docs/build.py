"""Rebuild what the documentation shows from the programs themselves; `make docs` runs it.

python docs/build.py                       docs/commands.md, docs/evidence-formats.md
python docs/build.py --drill-output FILE   also the drill in both READMEs, from the saved output of `make drill`
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from building.commands_page import commands_page
from building.drill_block import NotADrillError, filled
from building.formats_page import formats_page
from building.programs import commands
from kakuho.evidence.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ROOT / "docs" / "commands.md"
EVIDENCE_FORMATS = ROOT / "docs" / "evidence-formats.md"
READMES = (ROOT / "README.md", ROOT / "README.en.md")


def build(
    drill_output: Annotated[Path | None, typer.Option(help="The saved output of `make drill`.", exists=True)] = None,
) -> None:
    """Write the pages and say which of them changed."""
    pages = {COMMANDS: commands_page(commands(ROOT)), EVIDENCE_FORMATS: formats_page(FORMATS.values())}
    if drill_output is not None:
        output = drill_output.read_text(encoding="utf-8")
        try:
            pages |= {page: filled(page.read_text(encoding="utf-8"), output) for page in READMES}
        except NotADrillError as error:
            typer.echo(f"docs/build.py: {drill_output}: {error}", err=True)
            raise typer.Exit(1) from None
    for page, text in pages.items():
        changed = not page.exists() or page.read_text(encoding="utf-8") != text
        page.write_text(text, encoding="utf-8")
        typer.echo(f"{'written' if changed else 'unchanged'}: {page.relative_to(ROOT)}")


if __name__ == "__main__":
    typer.run(build)
