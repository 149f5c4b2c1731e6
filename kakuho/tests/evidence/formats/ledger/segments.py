"""Segments of a ledger out of generated events, sealed by the real package, and ways of damaging them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from disclosure_ledger.chain import digest_under, sealed

NAME = "20250313T150001.563211Z-12685"
_texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["GET", "/a/{key}/", "利用者", "x" * 90])
_subjects = st.sampled_from(["policyholder:1", "policyholder:22", "clinic:3", "", "a}b", '"', "\\", "p" * 70])
_items = st.lists(st.sampled_from(["name", "phone", "bank_account", "住所", "}", "],"]), max_size=3)
_entries = st.fixed_dictionaries({"items": _items, "masked": _items, "subject": _subjects})
_times = st.sampled_from(
    [
        "2025-03-13T18:40:48.773273Z",
        "2024-02-29T00:00:00.000000Z",
        "0001-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999Z",
        "2025-02-29T00:00:00.000000Z",
        "2025-03-13T24:00:00.000000Z",
        "2025-03-13T18:40:48.773273+09:00",
        "2025-03-13T18:40:48",
        "昨日",
    ]
)
_or_null = st.none() | _texts
events = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "kind": st.just("disclosure"),
        "segment": st.just(NAME) | _texts,
        "time": _times,
        "request": _texts,
        "actor": st.fixed_dictionaries({"kind": _or_null, "id": _or_null, "role": _or_null, "subject": _or_null}),
        "session": _or_null,
        "address": _or_null,
        "method": st.just("GET") | _or_null,
        "route": _or_null,
        "status": st.integers(0, 999) | st.sampled_from([2**31 - 1, 2**31, 2**64, True, "200", 1.5]),
        "purpose": _or_null,
        "disclosures": st.lists(_entries, max_size=4),
    }
)


def segment(records: list[dict[str, Any]], key: bytes | None = None) -> list[bytes]:
    """The lines of a segment with these events, line ends included."""
    digest = digest_under(key)
    header = {"kind": "header", "ledger": "disclosure", "segment": NAME, "seq": 0, "v": 1}
    header |= {"started": "2025-03-13T15:00:01.563211Z", "system": "petinsurance"}
    line, before = sealed(header | ({"mac": "hmac-sha256"} if key else {}), digest)
    lines = [line]
    for seq, record in enumerate(records, 1):
        line, before = sealed({**record, "seq": seq, "prev": before}, digest)
        lines.append(line)
    return lines


_damages = st.sampled_from(["remove", "repeat", "flip", "cut", "crlf", "blank", "garbage", "swap", "space", "header"])
damages = st.lists(st.tuples(_damages, st.integers(0, 50), st.integers(0, 2000)), max_size=4)


def damaged(lines: list[bytes], done: list[tuple[str, int, int]]) -> bytes:
    """The segment after one damage after the other, each to one line."""
    lines = list(lines)
    for how, which, where in done:
        index = which % len(lines)
        line = lines[index]
        place = where % max(len(line), 1)
        replacement = {
            "remove": [],
            "repeat": [line, line],
            "flip": [line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]] if line else [],
            "cut": [line[:place]],
            "crlf": [line.replace(b"\n", b"\r\n")],
            "blank": [b"\n", line],
            "garbage": [b"\xff\x00{}\n", line],
            "swap": [*reversed(lines[index : index + 2])],
            "space": [line.replace(b":", b": ", 1)],
            "header": [lines[0], line],
        }[how]
        lines[index : index + (2 if how == "swap" else 1)] = replacement
        if not lines:
            break
    return b"".join(lines)
