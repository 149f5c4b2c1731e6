"""The investigation as one function: events, findings and decisions in; indicators, attribution and paths out."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from kakuho.detection.decoding import define_macros
from kakuho.evidence.expected import covered_by_all
from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import Inventory
from kakuho.investigation.accounts import Parties, accounts_known, compromised_accounts
from kakuho.investigation.attribution import attribute_web, keep_surest
from kakuho.investigation.decisions import Decisions
from kakuho.investigation.foreign import as_witnessed, attribute_foreign
from kakuho.investigation.host import attribute_host
from kakuho.investigation.indicators import decided, from_findings, in_order
from kakuho.investigation.later_use import attribute_later_use
from kakuho.investigation.logins import find_logins
from kakuho.investigation.model import Investigation
from kakuho.investigation.paths import path_states
from kakuho.investigation.proposals import proposals
from kakuho.investigation.sessions import pivot
from kakuho.investigation.statements import attribute_statements
from kakuho.investigation.unseen import attribute_unseen
from kakuho.investigation.window import derive_window


@dataclass(frozen=True)
class Result:
    """What is written to ``investigation.json`` and ``attacker_events.parquet``."""

    investigation: Investigation
    attacker_events: pa.Table


def investigate(
    connection: duckdb.DuckDBPyConnection,
    inventory: Inventory,
    decisions: Decisions,
    parties: Parties = lambda _: {},
) -> Result:
    """``connection`` must show the event tables, ``findings``, ``coverage`` and ``gaps`` under their names.

    ``parties`` tells whose an account is where the ledger does not.

    The same rows and decisions give the same result, in whatever order they come and however often a row is repeated.
    """
    define_macros(connection)
    inventory = as_witnessed(connection, inventory)
    coverage = _coverage(connection, inventory)
    pivot(connection, decisions, coverage)
    find_logins(connection, inventory, coverage)
    attribute_web(connection)
    attribute_later_use(connection, inventory)
    attribute_statements(connection, inventory, coverage)
    attribute_foreign(connection, inventory)
    attribute_host(connection)
    attribute_unseen(connection, inventory, coverage)
    keep_surest(connection)
    indicators = in_order(
        [*from_findings(connection, decisions), *(decided(one, decisions) for one in proposals(connection))]
    )
    delimited = any(one.state == "confirmed" for one in indicators)
    accounts, parties_known = compromised_accounts(connection, parties)
    known, reason = False, "not_delimited"
    if delimited:
        known, reason = accounts_known(connection, inventory, coverage, parties_known)
    window = derive_window(connection, coverage)
    return Result(
        investigation=Investigation(
            delimited=delimited,
            indicators=indicators,
            window=window,
            compromised_accounts=accounts,
            compromised_accounts_known=known,
            compromised_accounts_reason=reason,
            paths=path_states(connection, inventory, coverage, decisions, window, accounts, known),
        ),
        attacker_events=connection.sql(
            'SELECT source_id, line, byte_offset, "table", time, certain, why FROM surest '
            'ORDER BY "table", time, source_id, line'
        ).to_arrow_table(),
    )


def _coverage(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> Coverage:
    """``sources`` is asked only where the inventory names logs that must exist."""
    if not inventory.evidence_sources:
        return Coverage.of(
            connection.execute('SELECT role, start, "end" FROM coverage WHERE start IS NOT NULL').fetchall()
        )
    rows = connection.execute(
        'SELECT name, coverage.role, start, "end" FROM coverage JOIN sources USING (source_id) WHERE start IS NOT NULL'
    ).fetchall()
    return covered_by_all(rows, inventory.evidence_sources)
