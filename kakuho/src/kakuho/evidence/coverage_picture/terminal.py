"""The picture in a terminal: a line of cells for each log, the holes listed below with period and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kakuho.evidence.coverage_picture.axis import duration, marks, period
from kakuho.evidence.coverage_picture.lanes import Lane, Picture, Row, picture_of, role_name
from kakuho.evidence.wording import reason_text
from kakuho.language import Language, in_language

WHOLE, PARTLY, HOLE, NOTHING = "█", "▓", "░", "·"
_STYLES = {WHOLE: "green", PARTLY: "yellow", HOLE: "bold red", NOTHING: "dim"}
_LEGEND = {
    WHOLE: ("記録あり", "covered"),
    PARTLY: ("一部に空白", "with a hole"),
    HOLE: ("空白", "hole"),
    NOTHING: ("ファイルなし", "no file"),
}
_LEAST_CELLS, _NAME_SHARE = 20, 0.35


def coverage_picture_terminal(
    sources: Sequence[Row],
    coverage: Sequence[Row],
    gaps: Sequence[Row],
    *,
    language: Language,
    time_zone: str,
    width: int,
) -> RenderableType:
    """The picture, ``width`` cells wide (80 or more). Rows are those of the lake's tables of these names."""
    picture = picture_of(sources, coverage, gaps)
    if picture is None:
        return Text("時刻のある証拠はまだありません。" if language == "ja" else "no evidence with times yet")
    zone = ZoneInfo(time_zone)
    names = [f"  {lane.name}{f' ×{lane.files}' if lane.files > 1 else ''}" for lane in picture.lanes]
    of_names = min(max(cell_len(name) for name in names), int(width * _NAME_SHARE))
    cells = max(_LEAST_CELLS, width - of_names - 1)
    lines = [_axis(picture, zone, of_names, cells)]
    for number, (name, lane) in enumerate(zip(names, picture.lanes, strict=True)):
        if number == 0 or picture.lanes[number - 1].role != lane.role:
            lines.append(Text(role_name(lane.role, language), "bold", no_wrap=True))
        line = Text(_fitted(name, of_names) + " ", no_wrap=True)
        for cell, run in groupby(_cells(lane, picture, cells)):
            line.append(cell * len(list(run)), _STYLES[cell])
        lines.append(line)
    return Group(*lines, _legend(language, time_zone), *([_holes(picture, zone, language)] if picture.holes else []))


def _cells(lane: Lane, picture: Picture, number: int) -> list[str]:
    step = (picture.end - picture.start) / number
    return [_cell(lane, picture.start + index * step, picture.start + (index + 1) * step) for index in range(number)]


def _cell(lane: Lane, start: datetime, end: datetime) -> str:
    covered, holes = lane.share(start, end), lane.share_of_holes(start, end)
    if any(start <= hole.start < end for hole in lane.holes if hole.end == hole.start):
        holes = max(holes, 1e-9)
    if holes > covered:
        return HOLE
    if covered > 0:
        return PARTLY if holes > 0 else WHOLE
    return NOTHING


def _axis(picture: Picture, zone: ZoneInfo, of_names: int, cells: int) -> Text:
    line = [" "] * cells
    free = 0
    for moment, label in marks(picture.start, picture.end, zone, cells // 7):
        at = int((moment - picture.start) / (picture.end - picture.start) * cells)
        text = f"│{label}"
        if at >= free and at + len(text) <= cells:
            line[at : at + len(text)] = text
            free = at + len(text) + 1
    return Text(" " * (of_names + 1) + "".join(line), style="dim", no_wrap=True)


def _fitted(name: str, cells: int) -> str:
    """Exactly ``cells`` wide: the middle of a long name is left out, for its end often tells more."""
    if cell_len(name) <= cells:
        return set_cell_size(name, cells)
    head = (cells - 1) // 2
    tail, rest = "", cells - 1 - head
    for character in reversed(name):
        if cell_len(character + tail) > rest:
            break
        tail = character + tail
    return set_cell_size(set_cell_size(name, head) + "…" + tail, cells)


def _legend(language: Language, time_zone: str) -> Text:
    line = Text()
    for mark, words in _LEGEND.items():
        line.append(mark, _STYLES[mark])
        line.append(f" {words[language == 'en']}  ")
    line.append(f"時刻は {time_zone}" if language == "ja" else f"times in {time_zone}", "dim")
    return line


def _holes(picture: Picture, zone: ZoneInfo, language: Language) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), title_justify="left")
    heads = ("", "種類", "空白の期間", "長さ", "理由") if language == "ja" else ("", "kind", "hole", "length", "reason")
    for head, justify in zip(heads, ("right", "left", "left", "right", "left"), strict=True):
        table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for hole in picture.holes:
        role = role_name(hole.role, language)
        when = period(hole.start, hole.end, zone, language).replace(" – ", " –\n")
        reason = in_language(reason_text(hole.reason), language)
        table.add_row(str(hole.number), role, when, duration(hole.length, language), reason)
    return table
