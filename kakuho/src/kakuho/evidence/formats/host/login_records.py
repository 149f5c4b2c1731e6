"""Who logged in, in the binary records of login: ``wtmp`` and ``utmp``, ``btmp`` (failed attempts).

Records as glibc lays them out on 64-bit Linux, little-endian: ``struct utmp`` (utmp(5), 384 bytes). Times are UTC. The
unit is the record: ``line`` is its ordinal from 1.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from typing import NamedTuple

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.host.audit_words import LOGOFF, LOGON
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json, ip_address
from kakuho.language import Bilingual

_UTMP = struct.Struct("<h2xi32s4s32s256shhiii16s20x")
_RECORDS_A_PART = 20_000
_LOOKED_AT = 200
EARLIEST = 631152000
"""1990 in seconds since 1970: a record with a time before is none."""

_SURE = 0.97
_KINDS = ("empty", "run_level", "boot", "new_time", "old_time", "init", "login", "user", "dead", "accounting")
_USER, _DEAD, _LOGIN = 7, 8, 6


class _Record(NamedTuple):
    kind: int
    pid: int
    terminal: bytes
    identity: bytes
    user: bytes
    host: bytes
    termination: int
    exit: int
    session: int
    seconds: int
    microseconds: int
    address: bytes


class LoginRecords:
    """``wtmp``, ``utmp`` and ``btmp``."""

    name = "login_records"
    label = Bilingual(ja="ログイン記録（wtmp・btmp・utmp）", en="login records (wtmp, btmp, utmp)")
    role = "authentication_log"
    tables = ("authentication", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By its first records: each has a known kind, a time since 1990, and text that ends in zeros."""
        whole = head.data[: len(head.data) // _UTMP.size * _UTMP.size]
        records = [_Record(*fields) for fields in _UTMP.iter_unpack(whole[: _LOOKED_AT * _UTMP.size])]
        if not records or not all(_is_empty(record) or _is_valid(record) for record in records):
            return None
        if all(_is_empty(record) for record in records):
            return None
        why = Bilingual(ja="384 バイトの utmp の記録が並ぶ", en="records of 384 bytes as in utmp")
        return Recognition(_SURE, "btmp" if "btmp" in head.name.lower() else "wtmp", why)

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Every record is an event, empty (ignored), or rejected; those of ``btmp`` are failed attempts."""
        for first, offset, data in record_blocks(source.content, _UTMP.size, _RECORDS_A_PART):
            part, rows = Part(bytes_read=len(data)), RowsByTable()
            for index in range(0, len(data), _UTMP.size):
                part.lines += 1
                number = first + index // _UTMP.size
                piece = data[index : index + _UTMP.size]
                record = _Record(*_UTMP.unpack(piece)) if len(piece) == _UTMP.size else None
                if record is None:
                    part.reject(number, offset + index, "line_cut_off")
                elif _is_empty(record):
                    part.ignored["empty_record"] += 1
                elif not _is_valid(record):
                    part.reject(number, offset + index, "not_a_login_record")
                else:
                    part.events += 1
                    base = {"line": number, "byte_offset": offset + index}
                    _add(record, base, rows, failed=source.variant == "btmp")
            rows.into(part)
            yield part


def record_blocks(content: Content, size: int, records: int) -> Iterator[tuple[int, int, bytes]]:
    """The number of the first record, the byte offset and the bytes of each stretch of at most ``records`` records."""
    offset = 0
    while data := content.read(offset, size * records):
        yield offset // size + 1, offset, data
        offset += len(data)


def text_of(field: bytes) -> str | None:
    """The text of a field that is filled up with zeros; None where it is empty."""
    return field.partition(b"\0")[0].decode("utf-8", "backslashreplace") or None


def is_text(field: bytes) -> bool:
    """Whether a field is text without control characters."""
    return not any(byte < 0x20 or byte == 0x7F for byte in field.partition(b"\0")[0])


def _is_empty(record: _Record) -> bool:
    return not record.kind and not record.seconds and not record.pid


def _is_valid(record: _Record) -> bool:
    texts = (record.terminal, record.user, record.host)
    return (
        0 <= record.kind < len(_KINDS)
        and record.seconds >= EARLIEST
        and 0 <= record.microseconds < 1_000_000
        and all(is_text(text) for text in texts)
    )


def _add(record: _Record, base: Row, rows: RowsByTable, *, failed: bool) -> None:
    base["time"] = record.seconds * 1_000_000 + record.microseconds
    kept = {
        "type": _KINDS[record.kind],
        "pid": record.pid,
        "id": text_of(record.identity),
        "terminal": text_of(record.terminal),
        "host": text_of(record.host),
    }
    base["unmapped"] = as_json({key: value for key, value in kept.items() if value is not None})
    user = text_of(record.user)
    if record.kind in {_USER, _DEAD} or (failed and record.kind == _LOGIN):
        logged_off = record.kind == _DEAD and not failed
        row: Row = {
            "activity": LOGOFF if logged_off else LOGON,
            "outcome": "failure" if failed else "success",
            "user_name": user,
            "src_ip": _address(record),
            "logon_type": text_of(record.terminal),
            "session_id": str(record.session) if record.session else None,
        }
        rows.add("authentication", base | row)
    else:
        kind = _KINDS[record.kind]
        row = {"application": "login", "pid": record.pid, "event_code": kind, "user_name": user, "message": kind}
        rows.add("base_event", base | row)


def _address(record: _Record) -> str | None:
    """The host where that is an address, else the address in binary, which does not tell 1337:1:: from 19.55.0.1."""
    host = ip_address(text_of(record.host))
    if host is not None:
        return host
    if any(record.address[4:]):
        return str(ipaddress.ip_address(record.address))
    if any(record.address[:4]):
        return str(ipaddress.ip_address(record.address[:4]))
    return None
