"""Output columns of statements back to base columns."""

from __future__ import annotations

import pytest

from kakuho.inventory.routes.reading import outputs

SCHEMA = {"customer": ["id", "name", "email"], "orders": ["id", "customer_id", "note"]}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            'SELECT "customer"."id", "customer"."name" FROM "customer" WHERE "customer"."id" = %s',
            ["customer.id", "customer.name"],
        ),
        ("SELECT name FROM customer", ["customer.name"]),
        (
            "SELECT o.note, c.name FROM orders o JOIN customer c ON c.id = o.customer_id",
            ["orders.note", "customer.name"],
        ),
        ("SELECT lower(T3.email) || %(x)s FROM customer T3", ["customer.email"]),
        ("SELECT count(*) FROM customer", [""]),
        ("SELECT s.n FROM (SELECT name AS n FROM customer) s", ["customer.name"]),
        ("WITH s AS (SELECT email FROM customer) SELECT email FROM s", ["customer.email"]),
        ("SELECT name FROM customer UNION SELECT note FROM orders", ["customer.name orders.note"]),
        ("SELECT (SELECT max(c.email) FROM customer c) AS m, o.id FROM orders o", ["customer.email", "orders.id"]),
        ("SELECT * FROM orders", ["orders.id", "orders.customer_id", "orders.note"]),
        ("SELECT FROM WHERE", []),
    ],
)
def test_what_a_column_comes_from(statement: str, expected: list[str]) -> None:
    found = outputs(statement, "postgres", SCHEMA)
    assert [" ".join(sorted(f"{table}.{column}" for table, column in bases)) for bases in found] == expected
