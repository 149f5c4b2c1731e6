"""What the terminal says in words: what the analyst knew, and what became of the deleted days."""

from drills import display
from drills.holes import Gap, Hole
from drills.scenarios.wiping import Wiped


def test_what_the_analyst_knew_is_said_with_its_basis() -> None:
    paths = [{"id": "database.direct", "state": "open", "basis": "its password was in the environment"}]
    assert display.known_lines(paths, ["address=127.0.0.1"]) == (
        "分析者が知っていること / known to the analyst\n"
        "  address=127.0.0.1: 外から知らされた侵入者の指標 / the intruder's, as told from elsewhere\n"
        "  database.direct: 使い得た / open to the intruder – its password was in the environment"
    )


def test_each_deleted_source_is_shown_with_what_kakuho_found_there() -> None:
    wiped = Wiped("2025-03-20T00:00:00+09:00", "2025-03-22T00:00:00+09:00", {})
    gap = Gap("access_log", "2025-03-19T14:50:00+00:00", "2025-03-21T15:10:00+00:00", "silence")
    holes = [
        Hole("access_log", 1300, (gap,), True),
        Hole("database_log", 9000, (), False),
        Hole("disclosure_ledger", 700, (), False),
    ]
    assert display.hole_lines(wiped, holes, ("ledger",)).splitlines() == [
        "消されたログ / deleted by the intruder  2025-03-20 00:00:00 – 2025-03-22 00:00:00",
        "  access: 1,300 行 / lines",
        "    kakuho が見つけた / found by kakuho",
        "    2025-03-19 23:50:00 – 2025-03-22 00:10:00  silence",
        "  dblog: 9,000 行 / lines",
        "    見つかっていない / NOT FOUND by kakuho",
        "  ledger: 700 行 / lines",
        "    渡していない / not handed over",
    ]
