"""Patterns as they stand in a configuration: nginx's ``log_format`` and Apache's ``LogFormat``, compiled.

    log_format main escape=default '$remote_addr - $remote_user [$time_local] "$request" ' '$status $body_bytes_sent';
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common

The whole setting may be given or its format text alone; what holds ``$name`` is nginx's, what holds ``%x`` Apache's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from kakuho.errors import UsageError
from kakuho.evidence.formats.web.apache_directives import DIRECTIVE, PATH, QUERY, SERVER_NAME, SERVER_PORT, directive
from kakuho.evidence.formats.web.fields import HOST, Field
from kakuho.evidence.formats.web.nginx_variables import variable
from kakuho.evidence.formats.web.pattern import Pattern, Piece, joined_pieces
from kakuho.language import Bilingual

_NGINX_SETTING = re.compile(
    r"\s*log_format\s+(?P<name>\S+)\s+(?:escape=(?P<escape>\w+)\s+)?(?P<rest>.*?);?\s*", re.DOTALL
)
_NGINX_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^\s'\";]+)", re.DOTALL)
_APACHE_SETTING = re.compile(
    r'\s*(?:LogFormat|CustomLog)\s+(?:\S+\s+)??"(?P<text>(?:[^"\\]|\\.)*)"(?:\s+\S+)*\s*', re.DOTALL
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@lru_cache(maxsize=64)
def compiled(setting: str) -> Pattern:
    """The pattern of a setting. Raises UsageError where it is none or has no time in it."""
    text, escape = _text(setting)
    pieces = _nginx(text) if _VARIABLE.search(text) else _apache(text, setting)
    pattern = Pattern("configured", pieces, escape)
    if not any(field.is_time for field in pattern.fields):
        raise _wrong(setting, Bilingual(ja="時刻の項目がありません。", en="it has no field for the time"))
    for one, other in pairwise(pieces):
        if isinstance(one, Field) and isinstance(other, Field):
            what = Bilingual(
                ja="区切りなしに隣り合う項目があります。", en="two of its fields stand together with nothing between"
            )
            raise _wrong(setting, what)
    return pattern


def _text(setting: str) -> tuple[str, str]:
    """The format text alone, and how nginx escapes in it."""
    nginx = _NGINX_SETTING.fullmatch(setting)
    if nginx is not None:
        return _nginx_text(nginx["rest"]), nginx["escape"] or "default"
    apache = _APACHE_SETTING.fullmatch(setting)
    if apache is not None:
        return _apache_text(apache["text"]), "default"
    text = setting.strip()
    found = re.match(r"escape=(\w+)\s+", text)
    escape = found[1] if found else "default"
    text = text[found.end() :] if found else text
    if text.startswith("'") and text.rstrip(";").rstrip().endswith("'"):
        return _nginx_text(text.rstrip(";")), escape
    return (_apache_text(text) if r"\"" in text else text), escape


def _nginx_text(quoted: str) -> str:
    """nginx joins the strings of a setting; in them a backslash escapes a quote."""
    texts = [
        found[1] if found[1] is not None else found[2] if found[2] is not None else found[3]
        for found in _NGINX_TEXT.finditer(quoted)
    ]
    return re.sub(r"\\(['\"\\])", r"\1", "".join(texts))


def _apache_text(text: str) -> str:
    return text.replace(r"\"", '"').replace(r"\t", "\t").replace(r"\\", "\\")


def _nginx(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        pieces += [text[at : found.start()], variable(found[1] or found[2])]
        at = found.end()
    return joined_pieces((*pieces, text[at:]))


def _apache(text: str, setting: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        if text.startswith("%%", at):
            pieces.append("%")
            at += 2
            continue
        found = DIRECTIVE.match(text, at)
        if found is None:
            following = text.find("%", at + 1)
            end = len(text) if following < 0 else following
            pieces.append(text[at:end])
            at = end
            continue
        field = directive(found)
        if field is None:
            raise _wrong(setting, Bilingual(ja=f"{found[0]} は未知の項目です。", en=f"{found[0]} is not known"))
        at = found.end()
        pieces += ["[", field, "]"] if found["letter"] == "t" and not found["argument"] else [field]
    return _merged(joined_pieces(tuple(pieces)))


def _merged(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces with ``%v:%p`` as one field (a host with its port), and ``%U%q`` (a path with its query)."""
    made: list[Piece] = []
    for piece in pieces:
        made.append(piece)
        if made[-3:] == [SERVER_NAME, ":", SERVER_PORT]:
            made[-3:] = [HOST]
        elif made[-2:] == [PATH, QUERY]:
            made[-2:] = [Field("url")]
    return tuple(made)


def _wrong(setting: str, what: Bilingual) -> UsageError:
    return UsageError(
        what,
        where=f"--pattern {setting[:200]}",
        remedy=Bilingual(
            ja="nginx の log_format か Apache の LogFormat を、設定ファイルに書かれているとおりに指定してください。",
            en="give nginx's log_format or Apache's LogFormat just as it stands in the configuration",
        ),
    )
