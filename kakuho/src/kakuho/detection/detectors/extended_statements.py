"""Statements that run on where the application's own statement ends: a literal was closed and more was written.

A shape is accused if an older shape of the same role (or the inventory's SQL of a route), which ends in a literal,
is its beginning and the rest begins with AND, OR, UNION, HAVING, ``;`` or ``||``. Object-relational mappers put
several conditions into parentheses, so theirs do not extend each other; hand-written optional filters can, hence
medium: a person decides.
"""

from __future__ import annotations

import re

from kakuho.detection.detectors.injected_statements import has_syntax
from kakuho.detection.model import Detector
from kakuho.detection.routes import by_web_role, routes
from kakuho.detection.sqltext import literal
from kakuho.inventory import Inventory
from kakuho.language import Bilingual

CONTINUATION = r"^\s*\)*\s*(?:(?:and|or|union|having)\b|;\s*[a-z]|\|\|)"


def hits(inventory: Inventory) -> str:
    declared = [re.sub(r"\{\w+\}", "0", path.sql.strip()) for path in routes(inventory) if path.sql and path.parameters]
    known = "".join(
        f" UNION ALL SELECT NULL, statement_skeleton({literal(sql)}), TIMESTAMP '-infinity'" for sql in declared
    )
    return f"""
    WITH events AS (
        SELECT DISTINCT source_id, line, time, db_user, statement FROM datastore_activity
        WHERE statement IS NOT NULL AND {by_web_role(inventory)}),
    skeletons AS (SELECT statement, rtrim(skeleton) AS skeleton FROM web_skeletons),
    seen AS (
        SELECT db_user, skeleton, min(time) AS since FROM events JOIN skeletons USING (statement) GROUP BY ALL),
    known AS (SELECT * FROM seen WHERE skeleton LIKE '%?'{known}),
    extended AS (
        SELECT DISTINCT seen.db_user, seen.skeleton FROM seen JOIN known
        ON starts_with(seen.skeleton, known.skeleton) AND known.since <= seen.since
            AND (known.db_user IS NULL OR known.db_user = seen.db_user)
        WHERE regexp_matches(substr(seen.skeleton, length(known.skeleton) + 1), {literal(CONTINUATION)})
            AND NOT {has_syntax("seen.skeleton", inventory)})
    SELECT 'statement_shape' AS indicator_type, substr(sha256(skeleton), 1, 16) AS indicator_value,
        'medium' AS severity, source_id, line, time
    FROM events JOIN skeletons USING (statement) JOIN extended USING (db_user, skeleton)"""


DETECTOR = Detector(
    id="extended_statements",
    title=Bilingual(ja="本来の終わりより先へ続くSQL文", en="statement that runs on past its end"),
    severity="medium",
    method=Bilingual(
        ja="以前からある文（または目録のSQL）がリテラルで終わる所から、AND・OR・UNION・複文などが続く文。手書きの任意条件でも起こるため「中」。",
        en="A statement that begins with an older one (or with the inventory's SQL) and runs on after its last literal "
        "with AND, OR, UNION or another statement. Hand-written optional filters do so too, hence medium.",
    ),
    hits=hits,
)
