"""``/var/log/lastlog``: the last login of each user number.

A record of 292 bytes for each number from 0 (``struct lastlog`` in glibc's ``bits/utmp.h``, little-endian): time,
terminal, host. Times are UTC. The unit is the record: ``line`` is the user number plus one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.host.audit_words import LOGON
from kakuho.evidence.formats.host.login_records import EARLIEST, is_text, record_blocks, text_of
from kakuho.evidence.formats.rows_by_table import RowsByTable, as_json, ip_address
from kakuho.language import Bilingual

_RECORD = struct.Struct("<i32s256s")
_RECORDS_A_PART = 20_000
_SURE, _WITHOUT_ITS_NAME = 0.97, 0.6


class Lastlog:
    """``lastlog``."""

    name = "lastlog"
    label = Bilingual(ja="最終ログイン記録（lastlog）", en="last logins (lastlog)")
    role = "authentication_log"
    tables = ("authentication",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By its records, surer where the file is called so; one with nothing but zeros by its name alone."""
        whole = head.data[: len(head.data) // _RECORD.size * _RECORD.size]
        records = [record for record in _RECORD.iter_unpack(whole) if record[0] or any(record[1]) or any(record[2])]
        named = "lastlog" in head.name.lower()
        if not all(_is_valid(*record) for record in records) or not (records or (named and whole)):
            return None
        why = Bilingual(ja="292 バイトの lastlog の記録が並ぶ", en="records of 292 bytes as in lastlog")
        return Recognition(_SURE if named else _WITHOUT_ITS_NAME, "lastlog", why)

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Every record is a login, of a user that never logged in (ignored), or rejected."""
        for first, offset, data in record_blocks(source.content, _RECORD.size, _RECORDS_A_PART):
            count = -(-len(data) // _RECORD.size)
            part, rows = Part(lines=count, bytes_read=len(data)), RowsByTable()
            if data.count(0) == len(data) == count * _RECORD.size:
                part.ignored["empty_record"] = count
                yield part
                continue
            for index in range(count):
                piece = data[index * _RECORD.size : (index + 1) * _RECORD.size]
                place = {"line": first + index, "byte_offset": offset + index * _RECORD.size}
                if len(piece) < _RECORD.size:
                    part.reject(place["line"], place["byte_offset"], "line_cut_off")
                    continue
                seconds, terminal, host = _RECORD.unpack(piece)
                if not any(piece):
                    part.ignored["empty_record"] += 1
                elif not _is_valid(seconds, terminal, host):
                    part.reject(place["line"], place["byte_offset"], "not_a_login_record")
                else:
                    part.events += 1
                    row = {
                        "time": seconds * 1_000_000,
                        "activity": LOGON,
                        "outcome": "success",
                        "user_name": "root" if first + index == 1 else str(first + index - 1),
                        "src_ip": ip_address(text_of(host)),
                        "logon_type": text_of(terminal),
                        "unmapped": as_json({"host": text_of(host), "uid": first + index - 1}),
                    }
                    rows.add("authentication", place | row)
            rows.into(part)
            yield part


def _is_valid(seconds: int, terminal: bytes, host: bytes) -> bool:
    return (
        seconds >= EARLIEST and is_text(terminal) and is_text(host) and _is_filled_up(terminal) and _is_filled_up(host)
    )


def _is_filled_up(field: bytes) -> bool:
    """Whether a field ends in zeros and holds nothing after the first, as strncpy(3) leaves it."""
    text, _, rest = field.partition(b"\0")
    return len(text) < len(field) and not any(rest)
