"""What can be said of files on the command line, and how durations are written."""

from __future__ import annotations

import codecs
import re
import zoneinfo
from typing import Annotated

import typer

from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared
from kakuho.language import Bilingual

FormatOption = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="形式（既定: 内容から判別）。 / The format.")
]
TimeZoneOption = Annotated[
    str | None,
    typer.Option("--time-zone", metavar="ZONE", help="ログの時刻の時間帯（例: Asia/Tokyo）。 / The log's time zone."),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="文字コード（例: cp932、euc_jp）。 / Its encoding where not UTF-8."
    ),
]
PatternOption = Annotated[
    str | None,
    typer.Option(
        "--log-format",
        metavar="STRING",
        help="設定にある書式（nginx の log_format、Apache の LogFormat、PostgreSQL の log_line_prefix）。 "
        "/ The format string as configured.",
    ),
]
ClockOffsetOption = Annotated[
    str | None,
    typer.Option(
        "--clock-offset",
        metavar="+SECONDS",
        help="時計の進み（例: +90s、-2.5s）。すべての時刻から差し引く。 / How far its clock was ahead (+90s, -2.5s).",
    ),
]
_OFFSET = re.compile(r"(?P<sign>[+-]?)(?P<number>\d{1,9}(?:\.\d{1,6})?)(?P<unit>ms|s|m|h)?")
_MICROSECONDS = {"ms": 1_000, "s": 1_000_000, None: 1_000_000, "m": 60_000_000, "h": 3_600_000_000}


def declared_of(time_zone: str | None, encoding: str | None, pattern: str | None) -> Declared:
    """What was said of files; raises UsageError for a zone or an encoding that does not exist."""
    if time_zone is not None and time_zone not in zoneinfo.available_timezones():
        raise UsageError(
            Bilingual(ja=f"時間帯 {time_zone} はありません。", en=f"there is no time zone {time_zone}"),
            where="--time-zone",
            remedy=Bilingual(ja="Asia/Tokyo のような名前で指定してください。", en="name one such as Asia/Tokyo"),
        )
    if encoding is not None:
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError:
            raise UsageError(
                Bilingual(ja=f"文字コード {encoding} はありません。", en=f"there is no encoding {encoding}"),
                where="--encoding",
                remedy=Bilingual(ja="cp932、euc_jp などを指定してください。", en="name one such as cp932 or euc_jp"),
            ) from None
    return Declared(time_zone, encoding, pattern)


def microseconds_of(offset: str | None) -> int:
    """A clock offset in microseconds; raises UsageError where it is none."""
    if offset is None:
        return 0
    found = _OFFSET.fullmatch(offset.strip())
    if found is None:
        raise UsageError(
            Bilingual(ja=f"時計のずれ {offset} を読めません。", en=f"the clock offset {offset} cannot be read"),
            where="--clock-offset",
            remedy=Bilingual(ja="+90s、-2.5s、+3m のように書いてください。", en="write it as +90s, -2.5s or +3m"),
        )
    amount = round(float(found["number"]) * _MICROSECONDS[found["unit"]])
    return -amount if found["sign"] == "-" else amount
