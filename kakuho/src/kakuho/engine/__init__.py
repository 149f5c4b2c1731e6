"""The engine: where queries run, how tables are declared and written, and where a database snapshot is queried.

In: tables (Parquet), SQL, a snapshot. Out: Ibis tables, Parquet files that depend on their rows alone, a read-only
PostgreSQL connection. May not know what a table means: no finding, no claim, no verdict.
"""
