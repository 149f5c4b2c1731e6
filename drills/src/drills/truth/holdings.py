"""What petinsurance holds of whom, read from the live database with the drill's own SQL.

Read once before the traffic begins and once after the evidence was taken; the two are merged, so that a value that
an owner changed in between is known in both its forms.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from drills.truth.items import ITEM_OF, SUBJECT_OF

RowKey = tuple[str, str]  # table, primary key


@dataclass
class Row:
    """One row that holds personal data: whose it is, and every value that each column was seen to hold."""

    table: str
    key: str
    subject: str
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Holdings:
    """All rows, and the ways from an identifier to them."""

    rows: dict[RowKey, Row] = field(default_factory=dict)
    rows_of: dict[str, set[RowKey]] = field(default_factory=lambda: defaultdict(set))
    subject_of_login: dict[str, str] = field(default_factory=dict)
    subject_of_policy_number: dict[str, str] = field(default_factory=dict)
    claim_of_number: dict[str, RowKey] = field(default_factory=dict)
    clinic_of_claim: dict[RowKey, str] = field(default_factory=dict)
    agencies_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, table: str, key: str, subject: str, values: dict[str, object]) -> None:
        """Note the row's values; null and empty ones are nobody's data."""
        row = self.rows.setdefault((table, key), Row(table, key, subject))
        self.rows_of[subject].add((table, key))
        for column, value in values.items():
            if value is not None and str(value).strip():
                row.values[column].add(str(value))


def read(holdings: Holdings, owner_url: str) -> None:
    """Add what the database holds now. The owner's connection is used, since it is not part of the system's life."""
    with psycopg.connect(owner_url, row_factory=dict_row, autocommit=True) as connection:
        for table, columns in ITEM_OF.items():
            query = sql.SQL("SELECT t.id, {subject} AS subject_, {columns} FROM {table} t").format(
                subject=sql.SQL(cast(LiteralString, SUBJECT_OF[table])),
                columns=sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in columns),
                table=sql.Identifier(table),
            )
            for record in connection.execute(query):
                key, subject = str(record.pop("id")), record.pop("subject_")
                if subject:
                    holdings.add(table, key, subject, record)
        _read_identifiers(holdings, connection)


def _read_identifiers(holdings: Holdings, connection: psycopg.Connection[dict[str, object]]) -> None:
    for row in connection.execute("SELECT login, policyholder_id FROM account WHERE policyholder_id IS NOT NULL"):
        holdings.subject_of_login[str(row["login"])] = f"policyholder:{row['policyholder_id']}"
    for row in connection.execute("SELECT policy_number, policyholder_id, agency_id FROM policy"):
        subject = f"policyholder:{row['policyholder_id']}"
        holdings.subject_of_policy_number[str(row["policy_number"])] = subject
        if row["agency_id"] is not None:
            holdings.agencies_of[subject].add(f"agency:{row['agency_id']}")
    for row in connection.execute("SELECT id, claim_number, clinic_id FROM claim"):
        claim = ("claim", str(row["id"]))
        holdings.claim_of_number[str(row["claim_number"])] = claim
        if row["clinic_id"] is not None:
            holdings.clinic_of_claim[claim] = f"clinic:{row['clinic_id']}"
