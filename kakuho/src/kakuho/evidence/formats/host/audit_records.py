"""One record of the Linux audit log: its heading and its fields, decoded.

    node=web1 type=PATH msg=audit(1364481363.243:24287): item=0 name="/etc/shadow" nametype=NORMAL

Fields that a user can choose (``comm``, ``name``, ``exe``, ``cwd``, ``proctitle`` …) stand in quotes, or in hexadecimal
where they hold a space, a quote or a byte outside ASCII (``audit_log_n_untrustedstring`` in the kernel's
``kernel/audit.c``). Programs put their fields into ``msg='…'``. With ``log_format = ENRICHED`` auditd adds names for
numbers after a group separator (0x1D), their keys in capitals. Bytes that are not UTF-8 are read in the declared
encoding; without one they appear as ``\\xff``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kakuho.evidence.formats.host.text_lines import text_of_bytes

HEADING = re.compile(r"(?:node=(\S{1,255}) )?type=([^\s=]{1,64}) msg=audit\((\d{1,11}\.\d{3}:\d{1,18})\):? ?", re.ASCII)
"""Node, type, ``seconds.milliseconds:serial``; the fields follow."""

_FIELD = re.compile(r"""([A-Za-z][\w-]{0,40}(?:\[\d+\])?)=("[^"]*"|'[^']*'|[^\s\x1d]*)""", re.ASCII)
_FIELD_OF_PROGRAM = re.compile(r"""([A-Za-z][\w-]{0,40})=("[^"]*"|[^\s"]\S*(?: (?![\w-]{1,41}=)\S+)*|)""", re.ASCII)
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
_ACCESS_VECTOR = re.compile(r"avc: +(denied|granted) +\{ ([^}]{0,500})\} for ")
_ENCODED = frozenset(
    [
        "acct",
        "cmd",
        "comm",
        "cwd",
        "data",
        "dir",
        "exe",
        "file",
        "grp",
        "key",
        "name",
        "path",
        "proctitle",
        "root_dir",
        "vm",
        "watch",
        "ocomm",
        "device",
        "old-disk",
        "new-disk",
        "new-chardev",
        "old-chardev",
        "invalid_context",
    ]
)
_TEXT_FIELDS = {
    "SYSCALL": ("comm", "exe", "key"),
    "PATH": ("name",),
    "CWD": ("cwd",),
    "PROCTITLE": ("proctitle",),
    "SOCKADDR": ("saddr",),
}
"""The fields in quotes or hexadecimal of the commonest records; of others every field is looked at."""
_OF_THE_KERNEL = frozenset({"SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE", "SOCKADDR"})
_OFTEN_THE_SAME = frozenset({"CWD", "PATH", "PROCTITLE", "SOCKADDR"})
_AFTER_A_VALUE = frozenset({",", ")", " "})
ARGUMENT = re.compile(r"a(\d{1,9})(?:\[(\d{1,9})\])?", re.ASCII)
"""An argument of EXECVE, or a piece of one."""


Fields = dict[str, str]


def decoded(hexadecimal: str, encoding: str | None) -> str:
    """The text of a hexadecimal value."""
    return text_of_bytes(bytes.fromhex(hexadecimal), encoding)


def fields_of(kind: str, body: str, encoding: str | None) -> Fields:
    """As :func:`read_fields`; of the records that are the same from event to event it remembers the last."""
    return dict(_remembered(kind, body, encoding)) if kind in _OFTEN_THE_SAME else read_fields(kind, body, encoding)


def read_fields(kind: str, body: str, encoding: str | None) -> Fields:
    """The fields of a record of type ``kind``; those of ``msg='…'`` beside the others (``msg_uid`` where the record
    has a ``uid`` of its own), the names of an enriched record under their keys in capitals.
    """
    own, _, names = body.partition("\x1d")
    head, quoted, message = own.partition("msg='") if kind not in _OF_THE_KERNEL else (own, "", "")
    if quoted:
        fields = _read(head, kind, encoding) if '"' in head or kind == "LOGIN" else dict(_FIELD.findall(head))
        message = message.rpartition("'")[0] or message
        for key, value in _of_program(message, encoding).items():
            fields[f"msg_{key}" if key in fields else key] = value
    else:
        fields = _read(head, kind, encoding)
    if names:
        fields |= _read(names, "", None)
    return fields


_remembered = lru_cache(maxsize=1 << 12)(read_fields)


def _read(text: str, kind: str, encoding: str | None) -> Fields:
    if kind == "LOGIN":
        text = text.replace("old auid=", "old-auid=").replace("old ses=", "old-ses=").replace("new ", "")
    fields = dict(_FIELD.findall(text))
    for key in _TEXT_FIELDS.get(kind) or tuple(fields):
        value = fields.get(key)
        if not value:
            continue
        if value[0] in "\"'":
            fields[key] = value[1:-1] if len(value) > 1 and value[-1] == value[0] else value
        elif (key in _ENCODED or (kind == "EXECVE" and ARGUMENT.fullmatch(key))) and _HEX.fullmatch(value):
            fields[key] = decoded(value, encoding)
    if text.startswith("avc:") and (found := _ACCESS_VECTOR.match(text)):
        fields |= {"seresult": found[1], "seperms": found[2].strip()}
    return fields


def _of_program(text: str, encoding: str | None) -> Fields:
    fields = dict(_FIELD_OF_PROGRAM.findall(text))
    for key, value in fields.items():
        if value[:1] == '"':
            fields[key] = value[1:-1]
        elif key in _ENCODED and _HEX.fullmatch(value):
            fields[key] = decoded(value, encoding)
        elif value[-1:] in _AFTER_A_VALUE:
            fields[key] = value.rstrip(",) ")
    if "op" not in fields and (first := _FIELD_OF_PROGRAM.search(text)) and first.start():
        before = text[: first.start()].strip(" :(")
        if before:
            fields["op"] = before
    return fields
