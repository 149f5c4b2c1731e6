"""From the text of a log to the text that the application saw, as macros on the DuckDB connection.

``percent_decoded(text)``: once, as a form is decoded (``+`` is a space); bytes that are not UTF-8 become U+FFFD, as
Django does it. ``fully_decoded(text)``: twice, for double encoding, with SQL comments and runs of white space
reduced to one space. ``statement_skeleton(text)``: a statement without its values: quoted literals and numbers
become ``?``, lists one ``(?)``; what an attacker closed a literal to write stays visible.
``statement_shape(text)``: the name of that skeleton, 16 hexadecimal digits of its SHA-256, which can be shown and
logged without any personal value.
"""

from __future__ import annotations

import duckdb

MACROS = (
    r"""CREATE OR REPLACE TEMP MACRO percent_decoded(encoded) AS coalesce(
        try(url_decode(replace(encoded, '+', ' '))),
        url_decode(regexp_replace(replace(encoded, '+', ' '), '%[89a-fA-F][0-9a-fA-F]', '%EF%BF%BD', 'g')))""",
    r"""CREATE OR REPLACE TEMP MACRO decoded_again(text) AS
        CASE WHEN regexp_matches(text, '%[0-9a-fA-F]{2}') THEN percent_decoded(text) ELSE text END""",
    r"""CREATE OR REPLACE TEMP MACRO fully_decoded(encoded) AS
        regexp_replace(
            regexp_replace(decoded_again(percent_decoded(encoded)), '/\*[^*]*\*/', ' ', 'g'), '\s+', ' ', 'g')""",
    r"""CREATE OR REPLACE TEMP MACRO statement_skeleton(statement) AS
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            lower(statement),
            '[eub]?&?''(?:[^'']|'''')*(?:''|$)', '?', 'g'),
            '\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b', '?', 'g'),
            '\s+', ' ', 'g'),
            '\(\s*\?(?:\s*,\s*\?)*\s*\)', '(?)', 'g'),
            '\(\?\)(?:\s*,\s*\(\?\))+', '(?)', 'g')""",
    """CREATE OR REPLACE TEMP MACRO statement_shape(statement) AS
        substr(sha256(statement_skeleton(statement)), 1, 16)""",
)


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    for macro in MACROS:
        connection.execute(macro)
