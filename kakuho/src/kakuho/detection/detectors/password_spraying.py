"""Addresses from which more accounts log in than one person or household has.

The disclosure ledger shows which account each session belongs to. Counted are an address's distinct policyholder,
agency or API accounts within a UTC day. The threshold is 6, or median + 6 robust standard deviations over the
addresses of the same kind of account where that is more. Members of staff share an office's address and are left
out. A mobile network puts strangers behind one address, so the severity is high only where at least a third of that
address's login attempts failed; else it is medium.
"""

from __future__ import annotations

from kakuho.detection.detectors.failed_logins import FAILED, SUCCEEDED
from kakuho.detection.model import Detector
from kakuho.detection.routes import is_login
from kakuho.inventory import Inventory
from kakuho.language import Bilingual

ACCOUNTS = 6
FAILED_SHARE = 1 / 3


def hits(inventory: Inventory) -> str:
    return f"""
    WITH seen AS (
        SELECT DISTINCT source_id, line, time, src_ip, actor_kind, actor_id, time_bucket(INTERVAL 1 DAY, time) AS day
        FROM disclosure
        WHERE src_ip IS NOT NULL AND actor_id IS NOT NULL AND actor_kind IN ('policyholder', 'agency', 'api')),
    by_day AS (
        SELECT src_ip, actor_kind, day, count(DISTINCT actor_id) AS accounts FROM seen GROUP BY ALL),
    worst AS (SELECT src_ip, actor_kind, max(accounts) AS accounts FROM by_day GROUP BY ALL),
    threshold AS (
        SELECT actor_kind, greatest({ACCOUNTS}, median(accounts) + 6 * 1.4826 * mad(accounts)) AS accounts
        FROM worst GROUP BY actor_kind),
    accused AS (
        SELECT worst.src_ip, worst.actor_kind FROM worst JOIN threshold USING (actor_kind)
        WHERE worst.accounts >= threshold.accounts),
    failing AS (
        SELECT src_ip, avg(({FAILED})::INTEGER) AS share
        FROM (SELECT DISTINCT source_id, line, src_ip, status FROM http_activity
              WHERE {is_login(inventory)} AND ({FAILED} OR {SUCCEEDED}))
        GROUP BY src_ip)
    SELECT 'address' AS indicator_type, seen.src_ip AS indicator_value,
        CASE WHEN failing.share >= {FAILED_SHARE} THEN 'high' ELSE 'medium' END AS severity, source_id, line, time
    FROM seen JOIN accused USING (src_ip, actor_kind) LEFT JOIN failing ON failing.src_ip = seen.src_ip"""


DETECTOR = Detector(
    id="password_spraying",
    title=Bilingual(ja="多数のアカウントに入ったアドレス", en="address that entered many accounts"),
    severity="high",
    method=Bilingual(
        ja="1日に6以上（分布に応じて引き上げ）の別々の契約者・代理店アカウントでの閲覧。ログイン失敗が3分の1以上なら重大度「高」、それ以外は共用回線の可能性があるため「中」。",
        en="6 or more distinct accounts of policyholders or agencies in a day (more where the distribution asks "
        "for it). High where a third of the logins failed, else medium, since strangers can share an address.",
    ),
    hits=hits,
)
