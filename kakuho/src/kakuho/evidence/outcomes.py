"""Which logged statements failed: the error record that follows a statement in its session tells.

PostgreSQL logs a statement when it starts; an error is a later record of the same session that repeats the statement's
text. Only the last statement before the error, with the same text, is marked: an error of another statement (a syntax
error, which is never logged as a statement) leaves it alone. Where pgaudit is on, one run of a statement has several
records, the server's own and then those of pgaudit under one statement id: they failed together. An earlier run of the
same text is left alone: it may have read.
"""

from __future__ import annotations


def with_outcomes(records: str) -> str:
    """SQL for the rows of the query ``records`` (``datastore_activity`` and ``format``), with what came of each."""
    return f"WITH records AS ({records}), {_OUTCOMES}"


_OUTCOMES = """numbered AS (
    SELECT *, (source_id::HUGEINT << 64) + line AS event,
        if(kind = 'statement', unmapped ->> '$.statement_id', NULL) AS audit_id,
        kind = 'statement' AND coalesce(NOT contains(unmapped, '"audit_type"'), true) AS plain
    FROM records
), ordered AS (
    SELECT *,
        last_value(if(kind = 'statement', event, NULL) IGNORE NULLS) OVER before AS statement_before,
        last_value(if(plain, event, NULL) IGNORE NULLS) OVER before AS plain_before
    FROM numbered WINDOW before AS (
        PARTITION BY format, session_id ORDER BY session_line, source_id, line ROWS UNBOUNDED PRECEDING)
), last AS (
    SELECT before.event, before.plain_before, before.audit_id, before.session_id, before.format, error.statement,
        error.message, error.session_line
    FROM ordered AS error JOIN ordered AS before ON before.event = error.statement_before
    WHERE error.kind = 'error' AND error.statement = before.statement
), audited AS (
    SELECT format, session_id, plain_before, count(DISTINCT audit_id) AS runs
    FROM ordered WHERE audit_id IS NOT NULL GROUP BY ALL
), marked AS (
    SELECT event, message, session_line FROM last
    UNION ALL
    SELECT mate.event, last.message, last.session_line FROM last JOIN ordered AS mate
        ON mate.format = last.format AND mate.session_id = last.session_id AND mate.audit_id = last.audit_id
    UNION ALL
    SELECT own.event, last.message, last.session_line FROM last
        JOIN audited ON audited.format = last.format AND audited.session_id = last.session_id
            AND audited.plain_before = last.plain_before AND audited.runs = 1
        JOIN ordered AS own ON own.event = last.plain_before AND own.statement = last.statement
    WHERE last.audit_id IS NOT NULL
), failed AS (
    SELECT event, min_by(message, session_line) AS message FROM marked GROUP BY event
)
SELECT records.* EXCLUDE (outcome, message, format, event, audit_id, plain, statement_before, plain_before),
    if(failed.event IS NULL, records.outcome, 'failure') AS outcome,
    coalesce(failed.message, records.message) AS message
FROM ordered AS records LEFT JOIN failed USING (event)
"""
