"""The parameters of a statement as PostgreSQL logs them: ``Parameters: $1 = 'it''s', $2 = NULL``.

The word is lower-case before PostgreSQL 16 and ``パラメータ`` in Japanese; quotes inside a value are doubled; every
value is the text form. Comes from ``BuildParamLogString`` in PostgreSQL's ``params.c``.

Most details are plain: no doubled quote, ``$``, double quote, backslash or control character in a value. These are
turned into JSON all at once; the others one by one.
"""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pyarrow.compute as pc

_HEADS = ("Parameters: ", "parameters: ", "パラメータ: ")
_HEAD = re.compile("|".join(_HEADS))
_PARAMETER = re.compile(r"\$(?P<number>\d{1,9}) = (?:NULL|'(?P<value>(?:[^']|'')*)')(?:, |\Z)")
_MOST_PLAIN = 9
_PLAIN_VALUE = r"""(?:NULL|'[^'$"\\\x00-\x1f\x7f]*')"""


def _plain_list(number: int) -> str:
    following = f"(?:, {_plain_list(number + 1)})?" if number < _MOST_PLAIN else ""
    return rf"\${number} = {_PLAIN_VALUE}{following}"


_PLAIN = rf"^(?:{'|'.join(_HEADS)}){_plain_list(1)}$"


def parameters_of(detail: str | None) -> str | None:
    """A JSON list of texts and nulls, in order; None where ``detail`` holds no parameters or cannot be read whole."""
    head = _HEAD.match(detail) if detail else None
    if detail is None or head is None:
        return None
    values: list[str | None] = []
    position = head.end()
    while position < len(detail):
        found = _PARAMETER.match(detail, position)
        if found is None or int(found["number"]) != len(values) + 1:
            return None
        values.append(None if found["value"] is None else found["value"].replace("''", "'"))
        position = found.end()
    return json.dumps(values, ensure_ascii=False)


def parameters_of_all(details: pa.Array) -> pa.Array:
    """:func:`parameters_of` each."""
    if details.null_count == len(details):
        return pa.nulls(len(details), pa.string())
    plain = pc.fill_null(pc.match_substring_regex(details, _PLAIN), False)
    unique = details.filter(plain)
    for head in _HEADS:
        unique = pc.replace_substring(unique, head, "", max_replacements=1)
    for number in range(1, _MOST_PLAIN + 1):
        marked = f"${number} = "
        if not pc.any(pc.match_substring(unique, marked)).as_py():
            break
        unique = pc.replace_substring(unique, marked + "NULL", "null", max_replacements=1)
        unique = pc.replace_substring(unique, marked, "", max_replacements=1)
    lists = pc.binary_join_element_wise("[", pc.replace_substring(unique, "'", '"'), "]", "")
    rest = details.filter(pc.invert(plain)).dictionary_encode()
    read = pa.array([parameters_of(text) for text in rest.dictionary.to_pylist()], pa.string()).take(rest.indices)
    result = pc.replace_with_mask(pa.nulls(len(details), pa.string()), plain, lists)
    return pc.replace_with_mask(result, pc.invert(plain), read)
