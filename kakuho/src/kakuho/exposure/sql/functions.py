"""Functions by what they can do: only those known to read nothing but their arguments are trusted."""

from __future__ import annotations

from sqlglot import exp

HARMLESS = frozenset(
    """
    ascii chr quote_ident quote_literal quote_nullable md5 btrim ltrim rtrim lpad rpad initcap reverse repeat translate
    strpos substr substring overlay position left right length char_length octet_length bit_length upper lower trim
    replace regexp_replace regexp_match regexp_matches split_part concat concat_ws format encode decode convert_from
    convert_to to_char to_date to_number to_timestamp to_hex abs ceil ceiling floor round trunc mod power sqrt sign
    greatest least coalesce nullif version current_database current_schema current_schemas current_setting
    current_user session_user user pg_backend_pid inet_server_addr inet_server_port array_to_string array_agg string_agg
    json_agg jsonb_agg json_build_object jsonb_build_object json_build_array to_json to_jsonb row_to_json array_to_json
    xmlagg array_length unnest generate_series has_table_privilege has_schema_privilege has_database_privilege
    pg_get_expr format_type pg_table_is_visible pg_get_userbyid obj_description col_description pg_encoding_to_char
    pg_typeof date_part date_trunc age extract make_date now clock_timestamp statement_timestamp
    transaction_timestamp random setseed pg_sleep
    """.split()  # noqa: SIM905
)
VOLATILE = frozenset({"random", "clock_timestamp", "now", "statement_timestamp", "transaction_timestamp", "age"})
HEAVY = frozenset({"pg_sleep", "generate_series"})


def unknown_functions(tree: exp.Expr) -> set[str]:
    """Names of functions that could read more than their arguments (``query_to_xml``, ``dblink``, a user's own)."""
    return {node.name.lower() for node in tree.find_all(exp.Anonymous) if node.name.lower() not in HARMLESS}


def cannot_be_repeated(tree: exp.Expr) -> bool:
    """Whether running this again can give another answer, or is made to take long."""
    if any(tree.find_all(exp.Rand, exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.GenerateSeries)):
        return True
    return any(node.name.lower() in VOLATILE | HEAVY for node in tree.find_all(exp.Anonymous))
