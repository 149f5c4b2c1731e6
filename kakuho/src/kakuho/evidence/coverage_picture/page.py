"""The picture as one HTML file: nothing is fetched, nothing runs; it prints, and reads without seeing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from kakuho.evidence.coverage_picture.axis import duration, marks, period
from kakuho.evidence.coverage_picture.lanes import Hole, Lane, Picture, Row, picture_of, role_name
from kakuho.evidence.coverage_picture.style import STYLE
from kakuho.evidence.wording import reason_text
from kakuho.language import Language, in_language

_WORDS = {
    "title": ("証拠の範囲と空白", "What the evidence covers, and its holes"),
    "chart": ("記録ごとの範囲", "Log by log"),
    "nothing": ("時刻のある証拠はまだありません。", "There is no evidence with times yet."),
    "zone": ("時刻は {0}。期間 {1}", "Times in {0}. Period {1}"),
    "log": ("記録", "Log"),
    "kind": ("種類", "Kind"),
    "files": ("ファイル", "Files"),
    "share": ("範囲のうち", "Covered"),
    "picture": ("時間", "Time"),
    "covered": ("記録あり", "covered"),
    "hole": ("空白", "hole"),
    "no_file": ("ファイルなし", "no file"),
    "holes": ("空白の一覧", "The holes"),
    "no_holes": ("空白は見つかりませんでした。", "No hole was found."),
    "period": ("期間", "Period"),
    "length": ("長さ", "Length"),
    "reason": ("理由", "Reason"),
    "of_role": (
        "ある種類の記録の空白は、同じ種類のすべてのファイルの空白として扱います（それぞれが唯一の証人かもしれないため）。",
        "A hole in one log counts for every file of its kind: each may be the only witness of its own traffic.",
    ),
}
_NARROWEST, _NUMBER_WIDTH = 0.15, 3.0


def coverage_picture_html(
    sources: Sequence[Row],
    coverage: Sequence[Row],
    gaps: Sequence[Row],
    *,
    language: Language,
    time_zone: str,
    title: str | None = None,
) -> str:
    """The whole page. Rows are those of the lake's tables of these names; ``title`` names the case."""
    picture, zone = picture_of(sources, coverage, gaps), ZoneInfo(time_zone)
    say = {key: words[language == "en"] for key, words in _WORDS.items()}
    heading = f"{title}: {say['title']}" if title else say["title"]
    body = [f"<h1>{escape(heading)}</h1>"]
    if picture is None:
        body.append(f"<p>{say['nothing']}</p>")
    else:
        whole = period(picture.start, picture.end, zone, language)
        body.append(f"<p>{escape(say['zone'].format(time_zone, whole))}</p>")
        body += [_legend(say), _chart(picture, zone, language, say), _list(picture, zone, language, say)]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" '
        f'content="light dark">\n<title>{escape(heading)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n'
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _legend(say: dict[str, str]) -> str:
    keys = ("covered", "hole", "no_file")
    return '<p class="legend">' + " ".join(f'<span class="key {key}"></span>{say[key]}' for key in keys) + "</p>"


def _chart(picture: Picture, zone: ZoneInfo, language: Language, say: dict[str, str]) -> str:
    heads = "".join(f'<th scope="col">{say[key]}</th>' for key in ("log", "kind", "files", "share"))
    rows = "\n".join(_lane(lane, picture, zone, language, say) for lane in picture.lanes)
    return (
        f'<table class="chart">\n<caption>{say["chart"]}</caption>\n<thead><tr>{heads}'
        f'<th scope="col" class="time"><span class="hidden">{say["picture"]}</span>{_axis(picture, zone)}</th>'
        f"</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n<p>{say['of_role']}</p>"
    )


def _axis(picture: Picture, zone: ZoneInfo) -> str:
    labels = "".join(
        f'<span style="left:{_place(moment, picture):.3f}%">{label}</span>'
        for moment, label in marks(picture.start, picture.end, zone, 12)
        if _place(moment, picture) < 96
    )
    return f'<div class="axis" aria-hidden="true">{labels}</div>'


def _lane(lane: Lane, picture: Picture, zone: ZoneInfo, language: Language, say: dict[str, str]) -> str:
    first, last = lane.reach or (picture.start, picture.end)
    share = 1.0 if first == last else lane.share(first, last)
    told = f"{period(first, last, zone, language)}; {say['hole']}: {len(lane.holes)}"
    parts = [
        _part("covered", start, end, picture, f"{say['covered']}: {period(start, end, zone, language)}")
        for start, end in lane.covered
    ]
    parts += [_part("hole", hole.start, hole.end, picture, _words(hole, zone, language)) for hole in lane.holes]
    ticks = "".join(
        f'<i style="left:{_place(moment, picture):.3f}%"></i>'
        for moment, _ in marks(picture.start, picture.end, zone, 12)
    )
    kind = role_name(lane.role, language)
    return (
        f'<tr><th scope="row">{escape(lane.name)}</th><td>{escape(kind)}</td><td class="number">{lane.files:,}</td>'
        f'<td class="number">{_percent(share)}</td>'
        f'<td class="time"><div class="lane" role="img" aria-label="{escape(told)}">{ticks}{"".join(parts)}</div>'
        f'<div class="numbers">{_numbers(lane, picture, zone, language)}</div></td></tr>'
    )


def _numbers(lane: Lane, picture: Picture, zone: ZoneInfo, language: Language) -> str:
    """The numbers of the holes below their places; those too near each other for it as one: 3–5."""
    groups: list[list[Hole]] = []
    for hole in sorted(lane.holes, key=lambda one: (one.start, one.number)):
        if groups and _middle(hole, picture) - _middle(groups[-1][0], picture) < _NUMBER_WIDTH:
            groups[-1].append(hole)
        else:
            groups.append([hole])
    links = []
    for group in groups:
        first, last = min(hole.number for hole in group), max(hole.number for hole in group)
        words = "\n".join(_words(hole, zone, language) for hole in group)
        label = str(first) if first == last else f"{first}–{last}"
        place = f"left:{_middle(group[0], picture):.3f}%"
        links.append(f'<a href="#hole-{first}" style="{place}" title="{escape(words)}">{label}</a>')
    return "".join(links)


def _part(kind: str, start: datetime, end: datetime, picture: Picture, words: str) -> str:
    left = _place(start, picture)
    wide = max(_place(end, picture) - left, _NARROWEST)
    left = min(left, 100 - wide)
    return f'<b class="{kind}" style="left:{left:.3f}%;width:{wide:.3f}%" title="{escape(words)}"></b>'


def _list(picture: Picture, zone: ZoneInfo, language: Language, say: dict[str, str]) -> str:
    if not picture.holes:
        return f"<p>{say['no_holes']}</p>"
    heads = "".join(f'<th scope="col">{say[key]}</th>' for key in ("kind", "log", "period", "length", "reason"))
    rows = "\n".join(
        f'<tr id="hole-{hole.number}"><th scope="row" class="number">{hole.number}</th>'
        f"<td>{escape(role_name(hole.role, language))}</td><td>{escape(hole.log)}</td>"
        f"<td>{escape(period(hole.start, hole.end, zone, language))}</td>"
        f'<td class="number">{duration(hole.length, language)}</td>'
        f"<td>{escape(in_language(reason_text(hole.reason), language))}</td></tr>"
        for hole in picture.holes
    )
    return (
        f'<table class="list">\n<caption>{say["holes"]}</caption>\n<thead><tr><th scope="col">#</th>{heads}</tr>'
        f"</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _words(hole: Hole, zone: ZoneInfo, language: Language) -> str:
    reason = in_language(reason_text(hole.reason), language)
    return f"{hole.number}: {period(hole.start, hole.end, zone, language)}: {reason}"


def _percent(share: float) -> str:
    """Never 100 % where anything is missing."""
    return "100%" if share >= 1 else f"{min(share, 0.999):.1%}"


def _middle(hole: Hole, picture: Picture) -> float:
    return (_place(hole.start, picture) + _place(hole.end, picture)) / 2


def _place(moment: datetime, picture: Picture) -> float:
    """Where on the axis a moment lies, in percent."""
    return 100 * ((moment - picture.start) / (picture.end - picture.start))
