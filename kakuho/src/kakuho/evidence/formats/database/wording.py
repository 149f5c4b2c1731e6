"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "no_log_line_prefix": Bilingual(
        ja="log_line_prefix の形で始まらない行", en="a line that does not begin with the log's prefix"
    ),
    "detail_without_record": Bilingual(
        ja="本体の記録がない補足行（DETAIL・STATEMENT など）", en="a DETAIL or STATEMENT line without its record"
    ),
}
