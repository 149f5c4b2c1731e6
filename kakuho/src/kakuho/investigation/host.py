"""Which events of hosts, clouds, networks and mail are the attacker's: by his address, and by what an address opened.

*Certain* are those with a confirmed address, and what a login session on a host did that was opened from one (auditd's
``ses`` and Windows' logon id stay the same through ``su`` and ``sudo``), until the same number is given to another
login. *Uncertain*: the same of a suspected address; calls with an access key that he used, from elsewhere.
Sessions of sftp-server and mails in Postfix are followed by the process and the queue id that their lines share.
"""

from __future__ import annotations

import duckdb

HOST_SESSIONS = """
CREATE OR REPLACE TEMP TABLE host_sessions AS
WITH logons AS (
    SELECT coalesce(series, a.source_id::VARCHAR) AS place, coalesce(host, '') AS host, session_id, time, src_ip
    FROM authentication AS a LEFT JOIN sources USING (source_id)
    WHERE outcome = 'success' AND session_id IS NOT NULL AND src_ip IS NOT NULL)
SELECT place, host, session_id, held.certain, mine.time AS since,
    (SELECT min(other.time) FROM logons AS other WHERE other.place = mine.place AND other.host = mine.host
        AND other.session_id = mine.session_id AND other.time > mine.time AND other.src_ip <> mine.src_ip) AS until
FROM logons AS mine JOIN held_addresses AS held ON held.address = mine.src_ip
"""

OF_A_SESSION = """
INSERT INTO attributed
    SELECT DISTINCT e.source_id, e.line, e.byte_offset, '{table}', e.time,
        CASE WHEN h.certain THEN 'attacker_session' ELSE 'shared_session' END
    FROM {table} AS e LEFT JOIN sources USING (source_id)
    JOIN host_sessions AS h ON h.place = coalesce(series, e.source_id::VARCHAR) AND h.host = coalesce(e.host, '')
        AND h.session_id = e.session_id AND e.time >= h.since AND (h.until IS NULL OR e.time < h.until)
"""

BY_ADDRESS = """
INSERT INTO attributed
    SELECT DISTINCT e.source_id, e.line, e.byte_offset, '{table}', e.time,
        CASE WHEN certain THEN 'confirmed_address' ELSE 'suspected_address' END
    FROM {table} AS e JOIN held_addresses ON {condition}
"""

SHARED_KEYS = """
INSERT INTO attributed
    SELECT DISTINCT source_id, line, byte_offset, 'api_activity', time, 'shared_session'
    FROM api_activity WHERE credential_id IN (
        SELECT credential_id FROM api_activity JOIN held_addresses ON address = src_ip)
"""

SFTP = r"""
INSERT INTO attributed
    WITH lines AS (
        SELECT e.*, coalesce(series, e.source_id::VARCHAR) AS place
        FROM base_event AS e LEFT JOIN sources USING (source_id)
        WHERE regexp_matches(application, '^(internal-)?sftp(-server)?$') AND pid IS NOT NULL),
    opened AS (
        SELECT *, regexp_extract(message, '^session opened for local user .* from \[([^\]]+)\]', 1) AS peer FROM lines
        WHERE message LIKE 'session opened for local user %'),
    mine AS (
        SELECT o.place, o.host, o.pid, o.time AS since, held.certain,
            (SELECT min(n.time) FROM opened AS n WHERE n.place = o.place AND n.pid = o.pid
                AND n.host IS NOT DISTINCT FROM o.host AND n.time > o.time) AS until
        FROM opened AS o JOIN held_addresses AS held ON held.address = o.peer)
    SELECT DISTINCT l.source_id, l.line, l.byte_offset, 'base_event', l.time,
        CASE WHEN certain THEN 'attacker_session' ELSE 'shared_session' END
    FROM lines AS l JOIN mine AS m ON m.place = l.place AND m.pid = l.pid AND m.host IS NOT DISTINCT FROM l.host
        AND l.time >= m.since AND (m.until IS NULL OR l.time < m.until)
"""

POSTFIX = r"""
INSERT INTO attributed
    WITH lines AS (
        SELECT e.*, coalesce(series, e.source_id::VARCHAR) AS place,
            regexp_extract(message, '^([0-9A-Za-z]{6,20}): ', 1) AS queue_id
        FROM base_event AS e LEFT JOIN sources USING (source_id) WHERE application LIKE 'postfix%'),
    mine AS (
        SELECT place, host, queue_id, time, certain FROM lines
        JOIN held_addresses ON regexp_extract(message, ': client=[^ ,]*\[([^\]]+)\]', 1) = address
        WHERE queue_id <> '')
    SELECT DISTINCT l.source_id, l.line, l.byte_offset, 'base_event', l.time,
        CASE WHEN certain THEN 'attacker_session' ELSE 'shared_session' END
    FROM lines AS l JOIN mine AS m ON m.place = l.place AND m.queue_id = l.queue_id
        AND m.host IS NOT DISTINCT FROM l.host AND l.time BETWEEN m.time AND m.time + INTERVAL 7 DAY
"""

IN_NETWORK_LOGS = """event_code IN ('files', 'smtp', 'fileinfo', 'ftp', 'smb_files')
    AND (e.src_ip = address OR contains(e.unmapped, '"' || address || '"'))"""
"""Zeek and Suricata write the ends of a transfer under names of their own."""


def attribute_host(connection: duckdb.DuckDBPyConnection) -> None:
    """Add these events to ``attributed``."""
    connection.execute(HOST_SESSIONS)
    for table in ("process_activity", "file_activity"):
        connection.execute(OF_A_SESSION.format(table=table))
    for table in ("authentication", "api_activity"):
        connection.execute(BY_ADDRESS.format(table=table, condition="address = e.src_ip"))
    connection.execute(BY_ADDRESS.format(table="network_activity", condition="address IN (e.src_ip, e.dst_ip)"))
    connection.execute(BY_ADDRESS.format(table="base_event", condition=IN_NETWORK_LOGS))
    connection.execute(SHARED_KEYS)
    connection.execute(SFTP)
    connection.execute(POSTFIX)
