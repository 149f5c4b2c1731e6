"""Which logged statements failed: the error record that follows a statement in its session tells.

PostgreSQL logs a statement when it starts; an error is a later record of the same session that repeats the statement's
text. Only the last statement before the error, with the same text, is marked: an error of another statement (a syntax
error, which is never logged as a statement) leaves it alone.
"""

from __future__ import annotations

WITH_OUTCOMES = """
WITH ordered AS (
    SELECT *, last_value(if(kind = 'statement', event, NULL) IGNORE NULLS) OVER (
            PARTITION BY format, session_id ORDER BY session_line, source_id, line ROWS UNBOUNDED PRECEDING
        ) AS statement_before
    FROM (SELECT *, (source_id::HUGEINT << 64) + line AS event FROM records)
), failed AS (
    SELECT before.event, min_by(error.message, error.session_line) AS message
    FROM ordered AS error JOIN ordered AS before ON before.event = error.statement_before
    WHERE error.kind = 'error' AND error.statement = before.statement
    GROUP BY before.event
)
SELECT records.* EXCLUDE (outcome, message, format, event, statement_before),
    if(failed.event IS NULL, records.outcome, 'failure') AS outcome,
    coalesce(failed.message, records.message) AS message
FROM ordered AS records LEFT JOIN failed USING (event)
"""
