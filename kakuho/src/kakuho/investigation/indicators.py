"""Which indicators there are, and what a person decided about each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import duckdb

from kakuho.detection.decoding import define_macros
from kakuho.detection.sqltext import first_row
from kakuho.investigation.decisions import Decisions
from kakuho.investigation.logins import LAST_LOGINS
from kakuho.investigation.model import Indicator, IndicatorType

EVIDENCE_OF: dict[str, str] = {
    "address": "SELECT src_ip FROM http_activity UNION SELECT src_ip FROM disclosure "
    "UNION SELECT src_ip FROM datastore_activity UNION SELECT src_ip FROM authentication "
    "UNION SELECT src_ip FROM api_activity UNION SELECT src_ip FROM network_activity",
    "account": f"SELECT actor_id FROM disclosure UNION SELECT account FROM ({LAST_LOGINS})",
    "session": "SELECT session FROM disclosure",
    "user_agent": "SELECT user_agent FROM http_activity",
    "statement_shape": "SELECT statement_shape(statement) FROM datastore_activity WHERE statement IS NOT NULL",
}
"""Where a value of each type can occur in the events."""


def from_findings(connection: duckdb.DuckDBPyConnection, decisions: Decisions) -> list[Indicator]:
    """An indicator for every value that findings point at, and for every value that a person decided on."""
    rows = connection.execute(
        "SELECT indicator_type, indicator_value, list_sort(list(finding_id)), "
        "['low', 'medium', 'high'][max(CASE severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END)] "
        "FROM findings GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found = {
        (cast(IndicatorType, kind), value): Indicator(kind, value, "proposed", "found", tuple(findings), severity)
        for kind, value, findings, severity in rows
    }
    for kind, value in decisions.indicators:
        found.setdefault((kind, value), Indicator(kind, value, "proposed", "found"))
    return [decided(one, decisions) for one in found.values()]


def decided(indicator: Indicator, decisions: Decisions) -> Indicator:
    """The indicator as a person decided it, if one did."""
    decision = decisions.indicators.get((indicator.type, indicator.value))
    if decision is None:
        return indicator
    return Indicator(
        type=indicator.type,
        value=indicator.value,
        state=decision.state,
        basis=decision.reason,
        findings=indicator.findings,
        severity=indicator.severity,
        decided_by=decision.by,
    )


def in_order(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Each indicator once, sorted by type and value; one with findings wins over one without."""
    kept: dict[tuple[str, str], Indicator] = {}
    for one in indicators:
        kept.setdefault((one.type, one.value), one)
    return tuple(kept[key] for key in sorted(kept))


def occurs(connection: duckdb.DuckDBPyConnection, kind: str, value: str) -> bool:
    """Whether any event shows this indicator."""
    define_macros(connection)
    query = f"SELECT count(*) FROM ({EVIDENCE_OF[kind]}) AS seen(value) WHERE value = ?"
    row = first_row(connection, query, [value])
    return row is not None and row[0] > 0
