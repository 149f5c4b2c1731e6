"""The picture of the coverage: aligned cells in the terminal, one page that needs nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from kakuho.evidence.coverage_picture import coverage_picture_html, coverage_picture_terminal
from kakuho.evidence.coverage_picture.axis import duration, period
from kakuho.evidence.wording import REASONS
from kakuho.language import Language

from .ordinary import at

SOURCES = [
    {"source_id": 1, "name": "access.log.1", "series": "access.log", "role": "access_log", "first": None, "last": None},
    {"source_id": 2, "name": "access.log", "series": "access.log", "role": "access_log", "first": None, "last": None},
    {
        "source_id": 3,
        "name": "共有/監査<b>.json",
        "series": "",
        "role": "database_log",
        "first": at(4, 0),
        "last": at(20, 0),
    },
    {"source_id": 4, "name": "snapshot.dump", "series": "", "role": "snapshot", "first": None, "last": None},
]
COVERAGE = [
    {"source_id": 1, "role": "access_log", "start": at(0, 0), "end": at(5, 0)},
    {"source_id": 2, "role": "access_log", "start": at(10, 0), "end": at(20, 0)},
    {"source_id": 3, "role": "database_log", "start": at(4, 0), "end": at(20, 0)},
]
GAPS = [{"source_id": 1, "role": "access_log", "start": at(5, 0), "end": at(10, 0), "reason": "rotated_away"}]


LANGUAGES: tuple[Language, ...] = ("ja", "en")


def _terminal(width: int, language: Language = "ja", **rows: Any) -> list[str]:
    given = {"sources": SOURCES, "coverage": COVERAGE, "gaps": GAPS, **rows}
    picture = coverage_picture_terminal(**given, language=language, time_zone="UTC", width=width)
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(picture)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_line_is_wider_than_the_terminal_and_lanes_begin_and_end_together(width: int, language: Language) -> None:
    lines = _terminal(width, language)
    assert max(cell_len(line) for line in lines) <= width
    lanes = [line for line in lines if line.endswith("█")]
    assert len(lanes) == 2
    assert len({cell_len(line) for line in lanes}) == 1
    assert len({cell_len(line[: min(line.index(mark) for mark in "█▓░·" if mark in line)]) for line in lanes}) == 1


def test_twenty_days_with_five_missing_are_a_quarter_of_the_cells() -> None:
    (lane,) = [line for line in _terminal(100) if "access.log ×2" in line]
    cells = lane[lane.index("█") :]
    assert 0.24 < cells.count("░") / len(cells) < 0.26
    assert cells.strip("█").strip("▓") == "░" * cells.count("░")


def test_a_log_that_begins_later_has_no_file_before() -> None:
    (lane,) = [line for line in _terminal(100) if "監査" in line]
    cells = lane[lane.index("·") :]
    assert 0.19 < cells.count("·") / len(cells) < 0.21
    assert set(cells.lstrip("·").lstrip("▓")) == {"█"}


def test_the_holes_are_listed_with_period_length_and_reason() -> None:
    japanese, english = (" ".join(" ".join(_terminal(160, language)).split()) for language in LANGUAGES)
    assert "1 アクセスログ 2025-03-08 (土) 00:00:00 – 5日 ローテーションされたファイルが欠けている" in japanese
    assert "2025-03-13 (木) 00:00:00" in japanese
    assert "1 access log 2025-03-08 (Sat) 00:00:00 – 5 d a file is missing out of the rotation" in english


def test_a_hole_shorter_than_a_cell_still_shows() -> None:
    short = [{**GAPS[0], "start": at(12, 0), "end": at(12, 0) + timedelta(seconds=1)}]
    covered = [{**COVERAGE[0], "end": at(20, 0)}]
    (lane,) = [line for line in _terminal(100, gaps=short, coverage=covered) if "access.log" in line]
    assert lane.count("▓") == 1


def test_without_any_time_there_is_nothing_to_draw() -> None:
    assert _terminal(80, sources=SOURCES[3:], coverage=[], gaps=[]) == ["時刻のある証拠はまだありません。"]
    page = coverage_picture_html(SOURCES[3:], [], [], language="en", time_zone="UTC")
    assert "There is no evidence with times yet." in page


class _Page(HTMLParser):
    """What a page refers to, and its text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_needs_nothing_else_and_runs_nothing(language: Language) -> None:
    text = coverage_picture_html(SOURCES, COVERAGE, GAPS, language=language, time_zone="Asia/Tokyo", title="事案")
    page = _Page(text)
    assert ("html", {"lang": language}) in page.elements
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert all(
        not (attributes.get("src") or "") and (attributes.get("href") or "#").startswith("#")
        for _, attributes in page.elements
    )
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_reads_without_being_seen() -> None:
    text = coverage_picture_html(SOURCES, COVERAGE, GAPS, language="ja", time_zone="UTC")
    page = _Page(text)
    lanes = [attributes for tag, attributes in page.elements if attributes.get("role") == "img"]
    assert [lane["aria-label"] for lane in lanes] == [
        "2025-03-03 (月) 00:00:00 – 2025-03-23 (日) 00:00:00; 空白: 1",
        "2025-03-07 (金) 00:00:00 – 2025-03-23 (日) 00:00:00; 空白: 0",
    ]
    assert sum(tag == "caption" for tag, _ in page.elements) == 2
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.elements if tag == "th")
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {(attributes["href"] or "")[1:] for tag, attributes in page.elements if tag == "a"} <= ids


def test_names_are_text_and_no_markup() -> None:
    text = coverage_picture_html(SOURCES, COVERAGE, GAPS, language="ja", time_zone="UTC")
    assert "共有/監査&lt;b&gt;.json" in text
    assert "<b>" not in text


def test_holes_stand_where_they_are_on_the_axis() -> None:
    text = coverage_picture_html(SOURCES, COVERAGE, GAPS, language="en", time_zone="UTC")
    assert (
        '<b class="hole" style="left:25.000%;width:25.000%" title="1: 2025-03-08 (Sat) 00:00:00 – '
        '2025-03-13 (Thu) 00:00:00: a file is missing out of the rotation"></b>'
    ) in text


def test_periods_and_lengths_in_words() -> None:
    start = datetime(2025, 3, 21, 0, 12, 5, tzinfo=UTC)
    zone = ZoneInfo("Asia/Tokyo")
    assert period(start, start + timedelta(hours=2), zone, "ja") == "2025-03-21 (金) 09:12:05 – 11:12:05"
    assert duration(timedelta(days=3, hours=4, minutes=5), "ja") == "3日4時間"
    assert duration(timedelta(minutes=70), "en") == "1 h 10 min"
    assert duration(timedelta(0), "en") == "0 s"


def test_every_reason_of_a_gap_has_words() -> None:
    told = {
        "silence", "quiet_stretch", "between_sources", "rate_drop", "sequence_break", "session_lines_missing",
        "rotated_away", "ends_in_mid_line", "truncated", "log_cleared", "clock_set_back", "rejected_lines",
        "reads_not_logged", "segment_missing", "segment_not_closed", "checkpoint_differs", "sequence_gap",
        "chain_broken", "hash_wrong",
    }  # fmt: skip
    assert told <= set(REASONS)
