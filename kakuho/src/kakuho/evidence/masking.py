"""Lines of evidence as they may be shown: what can be a secret or somebody's data is masked, the rest stays to be read.

Evidence is sealed as it is; masking is for eyes and screens. It errs towards hiding: SQL literals, values of query
strings, mail addresses, Japanese text, telephone and other long numbers, and whatever follows a word like ``password``.
It cannot know that a word in Latin letters is a name. Whoever needs the line as it is reveals it, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MASK = "•••"
_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_RULES: tuple[_Rule, ...] = (
    # password=…, "token": "…", Authorization: Bearer …, Cookie: …
    (
        re.compile(
            r"(?i)(\b(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key|session(?:id)?|csrf\w*"
            r""")\b["']?\s*[:=]\s*["']?)[^\s"',;&]{1,4096}"""
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)(\b(?:authorization|(?:set-)?cookie)\b[\"']?\s*[:=]\s*[\"']?)[^\"\r\n]{1,4096}"), rf"\1{MASK}"),
    (re.compile(r"'(?:[^'\\]|''|\\.){1,65536}'"), f"'{MASK}'"),
    (re.compile(r"([?&][^=&\s\"']{1,256}=)[^&\s\"']{1,65536}"), rf"\1{MASK}"),
    (re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), f"{MASK}@{MASK}"),
    (re.compile(r"(?:%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}){2,}"), MASK),
    (re.compile(r"[々〆\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"), MASK),
    (re.compile(r"(?<![\d.:])\+?\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])"), MASK),
    (re.compile(r"(?<![\d.:])\d{6,}(?![\d:])"), MASK),
)


def masked(line: str) -> str:
    """The line with what can be a secret or a personal value masked."""
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return line
