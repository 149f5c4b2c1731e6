"""Functions by what they can do: only those known to read nothing but their arguments are trusted."""

from __future__ import annotations

from sqlglot import exp

from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.mysql.functions import COLLATED, UNSTEADY
from kakuho.exposure.sql.mysql.functions import HARMLESS as MYSQL_HARMLESS
from kakuho.exposure.sql.mysql.words import calls_of, words_of
from kakuho.exposure.sql.schema import Schema

HARMLESS = frozenset(
    """
    ascii chr quote_ident quote_literal quote_nullable md5 btrim ltrim rtrim lpad rpad initcap reverse repeat translate
    strpos substr substring overlay position left right length char_length octet_length bit_length upper lower trim
    replace regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_split_to_table regexp_count
    regexp_like regexp_substr regexp_instr starts_with split_part string_to_array string_to_table concat concat_ws
    format encode decode convert_from convert_to to_char to_date to_number to_timestamp to_hex to_ascii normalize
    unistr sha224 sha256 sha384 sha512 crc32 crc32c hashtext abs ceil ceiling floor round trunc mod power sqrt sign
    greatest least coalesce nullif version current_database current_schema current_schemas current_setting
    current_user session_user user pg_backend_pid inet_server_addr inet_server_port inet_client_addr inet_client_port
    array_to_string array_agg string_agg count sum avg min max bool_and bool_or every bit_and bit_or stddev variance
    json_agg jsonb_agg json_object_agg jsonb_object_agg json_build_object jsonb_build_object json_build_array
    jsonb_build_array to_json to_jsonb row_to_json array_to_json json_each jsonb_each json_each_text jsonb_each_text
    json_array_elements jsonb_array_elements json_array_elements_text jsonb_array_elements_text json_object_keys
    jsonb_object_keys json_extract_path json_extract_path_text jsonb_extract_path jsonb_extract_path_text
    json_strip_nulls jsonb_strip_nulls jsonb_pretty xmlagg array_length array_position array_append array_prepend
    array_cat array_remove array_upper array_lower cardinality unnest generate_series generate_subscripts row_number
    rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
    has_table_privilege has_schema_privilege has_database_privilege has_column_privilege pg_get_expr format_type
    pg_table_is_visible pg_function_is_visible pg_type_is_visible pg_get_userbyid pg_get_indexdef pg_get_constraintdef
    pg_get_viewdef pg_get_ruledef pg_get_triggerdef pg_get_functiondef pg_get_function_arguments
    pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_partkeydef
    pg_get_partition_constraintdef pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_serial_sequence
    pg_get_sequence_data pg_sequence_parameters pg_options_to_table pg_partition_ancestors pg_partition_tree
    pg_relation_is_publishable pg_tablespace_location pg_describe_object pg_index_column_has_property acldefault
    aclexplode pg_type_is_visible pg_operator_is_visible pg_opclass_is_visible pg_collation_is_visible pg_has_role
    pg_get_publication_tables pg_available_extensions pg_timezone_names pg_conf_load_time
    obj_description col_description shobj_description pg_encoding_to_char pg_size_pretty pg_relation_size
    pg_total_relation_size pg_table_size pg_database_size pg_postmaster_start_time pg_is_in_recovery pg_typeof
    date_part date_trunc age extract make_date now clock_timestamp statement_timestamp transaction_timestamp timezone
    random setseed gen_random_uuid pg_sleep num_nulls num_nonnulls width_bucket ln log exp pi degrees radians row
    """.split()  # noqa: SIM905
)
VOLATILE = frozenset(
    {"random", "setseed", "gen_random_uuid", "clock_timestamp", "now", "statement_timestamp", "transaction_timestamp",
     "age", "pg_backend_pid", "inet_server_addr", "inet_server_port", "inet_client_addr", "inet_client_port",
     "current_setting", "version", "current_user", "session_user", "user", "current_database", "pg_relation_size",
     "pg_total_relation_size", "pg_table_size", "pg_database_size", "pg_postmaster_start_time", "pg_is_in_recovery",
     "current_schema", "current_schemas", "has_table_privilege", "has_schema_privilege", "has_database_privilege",
     "has_column_privilege"}
)  # fmt: skip
"""Another answer at another time, on another server, to another role."""
HEAVY = frozenset({"pg_sleep", "generate_series", "repeat", "lpad", "rpad"})
_CHANGING = (exp.Rand, exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentUser, exp.SessionUser,
             exp.CurrentDatabase, exp.CurrentSchema, exp.Uuid, exp.Localtime, exp.Localtimestamp)  # fmt: skip
_COSTLY = (exp.GenerateSeries, exp.Repeat, exp.Pad)


def unknown_functions(tree: exp.Expr, schema: Schema) -> set[str]:
    """Names of functions that could read more than their arguments (``query_to_xml``, ``dblink``, a user's own)."""
    if schema.dialect is MYSQL:
        called = _called(tree)
        return (called - MYSQL_HARMLESS) | (called & schema.functions)
    calls = [node for node in tree.find_all(exp.Anonymous) if not _sets_search_path(node)]
    found = {node.name.lower() for node in calls if node.name.lower() not in HARMLESS}
    if schema.functions:
        found |= {name for node in tree.find_all(exp.Func) for name in _names(node)} & schema.functions
    return found


def _sets_search_path(call: exp.Anonymous) -> bool:
    """As pg_dump does first of all (what to is looked at where sessions are), with another setting beside."""
    if call.name.lower() != "set_config" or not call.expressions:
        return False
    setting = call.expressions[0]
    if isinstance(setting, exp.Column):
        others = call.find_ancestor(exp.Select)
        named = [condition.right.name for condition in others.find_all(exp.EQ)] if others is not None else []
        return named == ["restrict_nonsystem_relation_kind"]
    return isinstance(setting, exp.Literal) and setting.name == "search_path"


def _names(function: exp.Func) -> set[str]:
    """What the text may have called it: sqlglot knows many functions that PostgreSQL does not have."""
    if isinstance(function, exp.Anonymous):
        return {function.name.lower()}
    return {name.lower() for name in type(function).sql_names()} | {str(function.meta.get("name", "")).lower()}


def cannot_be_repeated(tree: exp.Expr, schema: Schema) -> bool:
    """Whether running this again can give another answer, or is made to take long."""
    if tree.find(*_CHANGING, *_COSTLY, exp.TableSample, exp.SessionParameter) is not None:
        return True
    if schema.dialect is MYSQL:
        tree = _without_keys(tree)
        casts = (cast.args.get("to") for cast in tree.find_all(exp.Cast))
        if tree.find(exp.Parameter, exp.Placeholder, exp.PropertyEQ, exp.Introducer, exp.National) is not None:
            return True
        if any(not isinstance(to, exp.DataType) or to.this in exp.DataType.TEXT_TYPES for to in casts):
            return True  # compared by the collation of the connection, which no log tells
        return bool(_called(tree) & (UNSTEADY | COLLATED))
    return any(node.name.lower() in VOLATILE | HEAVY for node in tree.find_all(exp.Anonymous))


def _without_keys(tree: exp.Expr) -> exp.Expr:
    """A copy without the keys and conditions that folding added: those are Kakuho's own."""
    tree = tree.copy()
    for own in list(tree.find_all(exp.Alias)):
        if own.alias.startswith(("__k", "__t")):
            own.set("this", exp.null())
    return tree


def _called(tree: exp.Expr) -> set[str]:
    """Names of functions, by the words that are printed."""
    return calls_of(words_of(MYSQL.sql(tree)).words)
