"""The README's block with the output of a real drill: cleaned of terminal codes, refused where it is no drill's."""

from __future__ import annotations

import re

BEGIN = "<!-- drill:begin -->"
END = "<!-- drill:end -->"
_TERMINAL_CODE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_MEASURES = ("missed_persons", "missed_cells", "wrong_confirmed_persons", "wrong_confirmed_cells")


class NotADrillError(ValueError):
    """The saved text is not the output of a drill that ran to its end."""


def cleaned(output: str) -> str:
    """The output as a page shows it; NotADrillError where a measure of the score is missing or not zero."""
    text = _TERMINAL_CODE.sub("", output).replace("\r\n", "\n")
    lines = [line.rpartition("\r")[2].rstrip() for line in text.split("\n")]
    shown = "\n".join(lines).strip("\n")
    for measure in _MEASURES:
        value = re.search(rf"\b{measure}\b\W+([\d,]+)\b", shown)
        if value is None:
            raise NotADrillError(f"no drill's output: the score's {measure} is missing")
        if value.group(1) != "0":
            raise NotADrillError(
                f"this drill failed: {measure} is {value.group(1)}, and a README shows one that passed"
            )
    return shown


def filled(page: str, output: str) -> str:
    """``page`` with the block between the two marks replaced; ValueError where the marks are not there once each."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"the page must hold {BEGIN} and {END} once each, in this order")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n```text\n$ make drill\n{cleaned(output)}\n```\n\n{END}{after}"
