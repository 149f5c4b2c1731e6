"""Run the detectors and gather their hits into findings.

A finding is one detector's word on one indicator. Its id comes from both, so it is the same whatever the order in
which evidence came in and however often the same line was read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from kakuho.detection.decoding import define_macros
from kakuho.detection.model import HIT_COLUMNS, Detector
from kakuho.detection.registry import DETECTORS
from kakuho.detection.routes import by_web_role
from kakuho.detection.sqltext import literal
from kakuho.inventory import Inventory

FINDINGS = """
    SELECT 'F-' || substr(sha256(rule || '|' || indicator_type || '|' || indicator_value), 1, 12) AS finding_id,
        rule, indicator_type, indicator_value, min(time) AS first, max(time) AS last, count(*) AS events,
        ['low', 'medium', 'high'][max(CASE severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END)] AS severity
    FROM (SELECT rule, indicator_type, indicator_value, source_id, line, min(time) AS time, min(severity) AS severity
          FROM hits GROUP BY ALL)
    GROUP BY rule, indicator_type, indicator_value ORDER BY rule, indicator_type, indicator_value"""
FINDING_EVENTS = """
    SELECT DISTINCT
        'F-' || substr(sha256(rule || '|' || indicator_type || '|' || indicator_value), 1, 12) AS finding_id,
        source_id, line
    FROM hits ORDER BY finding_id, source_id, line"""


@dataclass(frozen=True)
class Detection:
    """``findings`` and ``finding_events`` as in docs/dev/interfaces.md, section 4, sorted."""

    findings: pa.Table
    finding_events: pa.Table


def detect(
    connection: duckdb.DuckDBPyConnection,
    inventory: Inventory,
    detectors: Sequence[Detector] = DETECTORS,
    progress: Callable[[Detector], None] = lambda _: None,
) -> Detection:
    """Ask every detector; ``connection`` must show the event tables under their names, empty ones where none are."""
    define_macros(connection)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE hits (rule VARCHAR, indicator_type VARCHAR, indicator_value VARCHAR, "
        "severity VARCHAR, source_id INTEGER, line BIGINT, time TIMESTAMP)"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE web_skeletons AS SELECT statement, statement_skeleton(statement) AS skeleton "
        "FROM (SELECT DISTINCT statement FROM datastore_activity "
        f"WHERE statement IS NOT NULL AND {by_web_role(inventory)})"
    )
    for one in detectors:
        progress(one)
        connection.execute(f"INSERT INTO hits SELECT {literal(one.id)}, {HIT_COLUMNS} FROM ({one.hits(inventory)})")
    return Detection(
        findings=connection.sql(FINDINGS).to_arrow_table(),
        finding_events=connection.sql(FINDING_EVENTS).to_arrow_table(),
    )
