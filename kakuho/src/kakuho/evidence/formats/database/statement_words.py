"""The first word of a statement: what it does, whatever its database."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_COMMAND = r"^(?:[\s(;]|/\*[^*]*\*/|--[^\n]*\n|#[^\n]*\n)*(?P<command>[A-Za-z]+)"
_BEGINNING = 96


def commands_of(statements: pa.Array) -> pa.Array:
    """The first word of each statement in capitals, after comments and parentheses; null where there is none.

    Only the first characters are looked at: a statement behind a long comment has no command.
    """
    begins = pc.utf8_slice_codeunits(statements, 0, _BEGINNING).dictionary_encode()
    words = pc.struct_field(pc.extract_regex(begins.dictionary, _COMMAND), 0)
    return pc.utf8_upper(words).take(begins.indices)
