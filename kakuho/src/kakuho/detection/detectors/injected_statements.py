"""SQL injection in the statements that reached the database under the application's role.

Literals are taken out of the statement first, so that what a customer typed cannot raise an alarm: only what stands
outside quotes is searched. Also high: the database's catalogue read in one statement with the application's tables.
The catalogue read by itself is medium (a migration does so too). The indicator is the statement's shape.
"""

from __future__ import annotations

from kakuho.detection.injection import CATALOGUE, STATEMENT_SIGNS, patterns
from kakuho.detection.model import Detector
from kakuho.detection.routes import by_web_role
from kakuho.detection.sqltext import any_of
from kakuho.inventory import Inventory
from kakuho.language import Bilingual


def has_syntax(skeleton: str, inventory: Inventory) -> str:
    """A condition over a statement's skeleton: it holds the syntax of an injection."""
    tables = [rf"\b(?:from|join)\s+\"?{collection.name}\b" for collection in inventory.collections]
    catalogue = any_of(skeleton, [CATALOGUE])
    return f"({any_of(skeleton, patterns(STATEMENT_SIGNS))} OR ({catalogue} AND {any_of(skeleton, tables)}))"


def hits(inventory: Inventory) -> str:
    return f"""
    WITH judged AS (
        SELECT statement, substr(sha256(skeleton), 1, 16) AS shape, {has_syntax("skeleton", inventory)} AS syntax,
            {any_of("skeleton", [CATALOGUE])} AS catalogue
        FROM web_skeletons)
    SELECT DISTINCT 'statement_shape' AS indicator_type, shape AS indicator_value,
        CASE WHEN syntax THEN 'high' ELSE 'medium' END AS severity, source_id, line, time
    FROM datastore_activity JOIN judged USING (statement)
    WHERE (syntax OR catalogue) AND {by_web_role(inventory)}"""


DETECTOR = Detector(
    id="injected_statements",
    title=Bilingual(ja="データベースに届いたSQLインジェクション", en="SQL injection that reached the database"),
    severity="high",
    method=Bilingual(
        ja="アプリケーションのロールが実行した文から文字列と数値を除き、恒真式・UNION・コメント・複文・CHR連結・時間差関数などを照合。カタログの単独参照は「中」。",
        en="Statements of the application's role, without their literals, matched against tautologies, UNION, "
        "comments, stacked statements, CHR chains, delays. The catalogue read by itself is medium.",
    ),
    hits=hits,
)
