"""Connected components of a graph held as an edge table: the transitive union of matches.

Minimum labels with pointer jumping, a few set-based passes in DuckDB; a component is named by its smallest node.
"""

from __future__ import annotations

import duckdb


def connect_components(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``component`` (node, label) from ``edge`` (a, b); nodes are integers, each edge counts both ways.

    Only nodes that have an edge get a row.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE both_ways AS SELECT a, b FROM edge UNION SELECT b, a FROM edge")
    connection.execute("CREATE OR REPLACE TEMP TABLE component AS SELECT DISTINCT a AS node, a AS label FROM both_ways")
    while True:
        connection.execute("""
            CREATE OR REPLACE TEMP TABLE lowered AS
            SELECT c.node, least(c.label, min(n.label)) AS label
            FROM component c JOIN both_ways e ON e.a = c.node JOIN component n ON n.node = e.b
            GROUP BY c.node, c.label""")
        connection.execute("""
            CREATE OR REPLACE TEMP TABLE jumped AS
            SELECT l.node, p.label FROM lowered l JOIN lowered p ON p.node = l.label""")
        row = connection.execute(
            "SELECT count(*) FROM jumped j JOIN component c USING (node) WHERE j.label <> c.label"
        ).fetchone()
        connection.execute("CREATE OR REPLACE TEMP TABLE component AS SELECT node, label FROM jumped")
        if row is None or row[0] == 0:
            return
