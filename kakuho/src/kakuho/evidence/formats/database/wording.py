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
    "not_general_log": Bilingual(ja="一般クエリーログの行ではない", en="not a line of a general query log"),
    "not_slow_log": Bilingual(ja="スロークエリーログの行ではない", en="not a line of a slow query log"),
    "not_server_audit": Bilingual(ja="server_audit の行ではない", en="not a line of server_audit"),
    "not_mysql_error_log": Bilingual(ja="MySQL のエラーログの行ではない", en="not a line of a MySQL error log"),
    "other_program": Bilingual(ja="データベース以外のプログラムの行", en="a line of another program"),
}
