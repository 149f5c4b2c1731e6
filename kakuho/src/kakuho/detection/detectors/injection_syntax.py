"""SQL injection written into requests: addresses and user agents.

Path and query are decoded twice and searched for the signs of ``kakuho.detection.injection``. High where an address
sent three such requests, used a program that does nothing else, or wrote it to a route whose SQL the inventory
shows; a single probe, of which every public site gets some each day, is medium. The user agent of such a program is
an indicator by itself. Not seen: the body of a POST, which an access log does not have; the statements in the
database log show those.
"""

from __future__ import annotations

from kakuho.detection.injection import ATTACK_TOOLS, REQUEST_SIGNS, patterns
from kakuho.detection.model import Detector
from kakuho.detection.routes import injectable
from kakuho.detection.sqltext import any_of
from kakuho.inventory import Inventory
from kakuho.language import Bilingual

REQUESTS = 3


def has_syntax(expression: str) -> str:
    """A condition: this text, decoded, holds the syntax of an injection."""
    return any_of(expression, patterns(REQUEST_SIGNS))


def hits(inventory: Inventory) -> str:
    return f"""
    WITH requests AS (
        SELECT DISTINCT source_id, line, time, src_ip, url_path, url_query, user_agent FROM http_activity),
    marked AS (
        SELECT *, {any_of("user_agent", ATTACK_TOOLS)} AS by_tool,
            {any_of("url_path", injectable(inventory))} AS at_injectable,
            {has_syntax("fully_decoded(url_path || '?' || coalesce(url_query, ''))")} AS syntax
        FROM requests),
    accused AS (
        SELECT *, count(*) FILTER (syntax) OVER address >= {REQUESTS} OR coalesce(bool_or(by_tool) OVER address, false)
            OR coalesce(bool_or(syntax AND at_injectable) OVER address, false) AS clear
        FROM marked WHERE syntax OR by_tool
        WINDOW address AS (PARTITION BY src_ip))
    SELECT 'address' AS indicator_type, src_ip AS indicator_value,
        CASE WHEN clear THEN 'high' ELSE 'medium' END AS severity, source_id, line, time
    FROM accused WHERE src_ip IS NOT NULL
    UNION ALL
    SELECT 'user_agent', user_agent, 'high', source_id, line, time FROM accused WHERE by_tool"""


DETECTOR = Detector(
    id="injection_syntax",
    title=Bilingual(ja="リクエストに書き込まれたSQLインジェクション", en="SQL injection written into requests"),
    severity="high",
    method=Bilingual(
        ja="パスとクエリを二重に復号し、UNION SELECT・恒真式・コメント・CHR連結・複文・カタログ参照・時間差関数などを"
        "照合。3件以上、専用ツールの使用、または目録にSQLのある経路への送信で「高」、単発の探りは「中」。",
        en="Path and query, decoded twice, matched against UNION SELECT, tautologies, comments, CHR chains, stacked "
        "statements, catalogues, delays. High from three requests, with a tool's agent, or on a route whose SQL is "
        "known; a single probe is medium.",
    ),
    hits=hits,
)
