"""The forms that names in the ledger must have.

They are narrow on purpose: a person's name, address, mail address or phone number passed by mistake where a name
is expected does not fit, and is refused before it is written. A refusal never repeats the text that it refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from disclosure_ledger.errors import InvalidNoteError

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
_REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,63}:[A-Za-z0-9_.-]{1,64}")


@lru_cache(maxsize=4096)
def _is_identifier(text: str) -> bool:
    return _IDENTIFIER.fullmatch(text) is not None


def identifier(text: str, what: str) -> str:
    """``text`` if it is a name such as ``bank_account``; ``what`` says in the error which argument it was."""
    if isinstance(text, str) and _is_identifier(text):
        return text
    raise InvalidNoteError(
        ja=f"{what} は英小文字・数字・下線の名前（例：bank_account）で指定してください。渡された値は表示しません。",
        en=f"{what} must be a name of a-z, 0-9 and _, such as bank_account. The text passed is not repeated here.",
    )


def reference(text: str, what: str) -> str:
    """``text`` if it is ``<collection>:<key>``, such as ``policyholder:12``."""
    if isinstance(text, str) and _REFERENCE.fullmatch(text):
        return text
    raise InvalidNoteError(
        ja=f"{what} は <コレクション>:<キー>（例：policyholder:12）で指定してください。渡された値は表示しません。",
        en=f"{what} must be <collection>:<key>, such as policyholder:12. The text passed is not repeated here.",
    )
