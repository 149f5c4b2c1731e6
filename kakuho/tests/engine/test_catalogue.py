"""What a database says of itself: foreign keys, partitions, its own functions, views that keep rows."""

from __future__ import annotations

from pathlib import Path

import psycopg

from kakuho.engine.catalogue import Catalogue, catalogue
from kakuho.engine.postgresql import EmbeddedServer

DATABASE = """
CREATE TABLE holder (id bigint PRIMARY KEY, name text);
CREATE TABLE visit (id bigint, holder_id bigint REFERENCES holder, day date) PARTITION BY RANGE (day);
CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);
CREATE TABLE visit_2024_one PARTITION OF visit_2024 FOR VALUES IN (1);
CREATE TABLE special_holder (note text) INHERITS (holder);
CREATE MATERIALIZED VIEW names AS SELECT name FROM holder;
CREATE FUNCTION lower(v bigint) RETURNS bigint LANGUAGE sql AS 'SELECT v';
CREATE SCHEMA archive;
CREATE TABLE archive.holder (id bigint, kept_by bigint REFERENCES public.holder);
"""


def test_links_parents_functions_and_stored_views(place: Path) -> None:
    with EmbeddedServer(place / "server") as server, psycopg.connect(server.connection_string()) as connection:
        connection.execute(DATABASE)
        assert catalogue(connection) == Catalogue(
            links={
                "archive.holder": frozenset({"kept_by"}),
                "visit": frozenset({"holder_id"}),
                "visit_2024": frozenset({"holder_id"}),
                "visit_2024_one": frozenset({"holder_id"}),
            },
            parents={"special_holder": "holder", "visit_2024": "visit", "visit_2024_one": "visit_2024"},
            functions=frozenset({"lower"}),
            stored_views=frozenset({"names"}),
        )
