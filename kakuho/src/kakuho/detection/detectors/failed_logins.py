"""Addresses with many failed logins: guessed or stolen passwords being tried.

A login is a POST to a login path; 302 or 303 is a success, 200, 400, 401, 403 and 429 a failure. Counted are an
address's failures within any 24 hours. The threshold is 8, or more where the addresses of this log fail more often
by themselves: median + 6 robust standard deviations (1.4826 × median absolute deviation, Iglewicz and Hoaglin 1993)
of the worst 24 hours of each address that mostly succeeds, at most 50. At least 60 % of the attempts within those
hours must have failed.

Not found by it: an attack spread over so many addresses that each fails fewer than 8 times a day.
"""

from __future__ import annotations

from kakuho.detection.model import Detector
from kakuho.detection.routes import is_login
from kakuho.inventory import Inventory
from kakuho.language import Bilingual

FAILURES = 8
FAILURES_AT_MOST = 50
RATIO = 0.6
FAILED = "status IN (200, 400, 401, 403, 429)"
SUCCEEDED = "status IN (302, 303)"


def hits(inventory: Inventory) -> str:
    return f"""
    WITH attempts AS (
        SELECT DISTINCT source_id, line, time, src_ip, {FAILED} AS failed
        FROM http_activity WHERE {is_login(inventory)} AND src_ip IS NOT NULL AND ({FAILED} OR {SUCCEEDED})),
    by_day AS (
        SELECT *, count(*) FILTER (failed) OVER day AS failures, count(*) OVER day AS tried FROM attempts
        WINDOW day AS (PARTITION BY src_ip ORDER BY time RANGE BETWEEN INTERVAL 24 HOURS PRECEDING AND CURRENT ROW)),
    ordinary AS (
        SELECT src_ip, max(failures) AS failures FROM by_day
        GROUP BY src_ip HAVING avg(failed::INTEGER) < {RATIO}),
    threshold AS (
        SELECT least(greatest({FAILURES}, median(failures) + 6 * 1.4826 * mad(failures)), {FAILURES_AT_MOST})
            AS failures
        FROM ordinary),
    accused AS (
        SELECT DISTINCT src_ip FROM by_day
        WHERE failures >= (SELECT failures FROM threshold) AND failures >= {RATIO} * tried)
    SELECT 'address' AS indicator_type, src_ip AS indicator_value, 'high' AS severity, source_id, line, time
    FROM attempts WHERE src_ip IN (SELECT src_ip FROM accused)"""


DETECTOR = Detector(
    id="failed_logins",
    title=Bilingual(ja="ログインの失敗が多いアドレス", en="address with many failed logins"),
    severity="high",
    method=Bilingual(
        ja="24時間以内のログイン失敗が8回以上（このログの各アドレスの分布に応じて引き上げ、上限50回）、かつ失敗の割合が6割以上。",
        en="8 or more failed logins within 24 hours (more where this log's own distribution asks for it, at most 50), "
        "and at least 60% of the attempts failed.",
    ),
    hits=hits,
)
