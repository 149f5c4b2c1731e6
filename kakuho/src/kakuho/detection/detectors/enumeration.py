"""Reading far more different people than one's peers do.

Two views of it. *Ledger*: distinct subjects that an account (or, without an account, an address) was shown in a UTC
day, its own party left out, against the other accounts of the same kind. *Access log*: distinct keys that an
address asked of one route in a UTC day, and was given (2xx), against the other addresses on that route. Accused is
a worst day of at least 30, at least 4 times the 95th percentile of the *other* peers' worst days, and at least 5
robust standard deviations (on a logarithmic scale, with a floor of 0.3) over their median; with at least three
peers, except that a policyholder's own account needs none, since it has no business with anybody else's record.
High for policyholders, the public and routes without a login; medium where reading many people is the work itself.
"""

from __future__ import annotations

from kakuho.detection.model import Detector
from kakuho.detection.routes import routes
from kakuho.detection.sqltext import literal
from kakuho.inventory import Inventory
from kakuho.language import Bilingual

AT_LEAST = 30
TIMES_OTHERS = 4
DEVIATIONS = 5
FLOOR = 0.3
PEERS = 3


def hits(inventory: Inventory) -> str:
    requests = " UNION ALL ".join(_route_reads(inventory))
    return f"""
    WITH reads AS (
        SELECT DISTINCT CASE WHEN actor_id IS NULL THEN 'address' ELSE 'account' END AS indicator_type,
            coalesce(actor_id, src_ip) AS reader, 'ledger:' || actor_kind AS peers, subject AS target,
            actor_kind IN ('policyholder', 'public') AS private, source_id, line, time
        FROM disclosure WHERE subject IS DISTINCT FROM actor_subject
        {f"UNION ALL {requests}" if requests else ""}),
    worst AS (
        SELECT indicator_type, reader, peers, private, max(targets) AS targets FROM (
            SELECT indicator_type, reader, peers, private, time_bucket(INTERVAL 1 DAY, time) AS day,
                count(DISTINCT target) AS targets
            FROM reads WHERE reader IS NOT NULL GROUP BY ALL)
        GROUP BY ALL),
    others AS (
        SELECT one.indicator_type, one.reader, one.peers, one.targets, any_value(one.private) AS private,
            count(other.reader) AS others, coalesce(quantile_cont(other.targets, 0.95), 0) AS high_end,
            coalesce(median(ln(1 + other.targets)), 0) AS middle, coalesce(mad(ln(1 + other.targets)), 0) AS spread
        FROM worst AS one LEFT JOIN worst AS other
        ON one.peers = other.peers AND one.indicator_type = other.indicator_type AND one.reader <> other.reader
        WHERE one.targets >= {AT_LEAST} GROUP BY ALL),
    accused AS (
        SELECT * FROM others WHERE targets >= {TIMES_OTHERS} * high_end
            AND ln(1 + targets) - middle >= {DEVIATIONS} * greatest(1.4826 * spread, {FLOOR})
            AND (others >= {PEERS} OR peers = 'ledger:policyholder'))
    SELECT indicator_type, reader AS indicator_value,
        CASE WHEN accused.private THEN 'high' ELSE 'medium' END AS severity, source_id, line, time
    FROM accused JOIN reads USING (indicator_type, reader, peers)"""


def _route_reads(inventory: Inventory) -> list[str]:
    """For each route that binds a record's key, in its path or its parameters: who asked for which key."""
    queries = []
    for path in routes(inventory):
        pattern = literal(path.path or "")
        if path.parameters:
            target = "url_query"
        elif "(?P<" in (path.path or ""):
            target = "url_path"
        else:
            continue
        queries.append(
            f"SELECT DISTINCT 'address', src_ip, {literal('route:' + path.id)}, {target}, "
            f"{'false' if path.principal else 'true'}, source_id, line, time FROM http_activity "
            f"WHERE status BETWEEN 200 AND 299 AND {target} IS NOT NULL AND regexp_matches(url_path, {pattern})"
        )
    return queries


DETECTOR = Detector(
    id="enumeration",
    title=Bilingual(ja="同種の利用者に比べ極端に多い人数の閲覧", en="far more people read than peers do"),
    severity="high",
    method=Bilingual(
        ja="1日に閲覧した異なる本人（または経路のキー）が30以上、かつ他の同種の利用者の95パーセンタイルの4倍以上、対数尺度で中央値から頑健標準偏差の5倍以上。"
        "契約者・公開ページは「高」、多人数の閲覧が業務である職員等は「中」。",
        en="30 or more different subjects (or keys of a route) in a day, at least 4 times the 95th percentile of the "
        "other peers and 5 robust standard deviations over their median on a logarithmic scale. High for policyholders "
        "and public pages, medium for those whose work it is.",
    ),
    hits=hits,
)
