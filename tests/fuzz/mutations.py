"""Ways in which a file can be wrong. A mutant depends on the seeds of the formats, a number and an index alone."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes, bytes], bytes]

HOSTILE = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "保険契約者".encode("cp932"),
    "氏名".encode("euc_jp"),
    "全角ＡＢＣ'\u2028".encode(),
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    b"\\",
    b'"',
    b"'",
    b",",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\t",
    b"{}",
    b"[]",
    b"null",
    b"NaN",
    b"-1",
    b"1e999",
    b"99999999999999999999999",
    b"9223372036854775808",
    b"2147483648",
    b"0000-00-00T00:00:00Z",
    b"9999-12-31T23:59:59.999999+00:00",
    b"31/Feb/2025:25:61:61 +9999",
    b"%00%",
    b"%s%n",
    b"#",
    b"#Fields: ",
    b"$1 = ",
    b"/*",
    b"<",
    b"&",
)


def mutant(draw: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` after some mutations; ``other`` is another file to take pieces from."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        data = draw.choice(MUTATIONS)(draw, data, other)
    return data


def _span(draw: random.Random, data: bytes, longest: int = 200) -> tuple[int, int]:
    begin = draw.randrange(len(data) + 1)
    return begin, min(len(data), begin + draw.randrange(1, longest))


def _flip(draw: random.Random, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 4, 32))):
        if changed:
            changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _flip_bit(draw: random.Random, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    if changed:
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _insert(draw: random.Random, data: bytes, _: bytes) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(HOSTILE) * draw.choice((1, 1, 1, 3)) + data[place:]


def _replace(draw: random.Random, data: bytes, _: bytes) -> bytes:
    begin, end = _span(draw, data, 20)
    return data[:begin] + draw.choice(HOSTILE) + data[end:]


def _delete(draw: random.Random, data: bytes, _: bytes) -> bytes:
    begin, end = _span(draw, data)
    return data[:begin] + data[end:]


def _repeat(draw: random.Random, data: bytes, _: bytes) -> bytes:
    begin, end = _span(draw, data)
    return data[:end] + data[begin:end] * draw.choice((1, 2, 20)) + data[end:]


def _cut(draw: random.Random, data: bytes, _: bytes) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] if draw.random() < 0.7 else data[place:]


def _splice(draw: random.Random, data: bytes, other: bytes) -> bytes:
    begin, end = _span(draw, other, 2000)
    place = draw.randrange(len(data) + 1)
    return data[:place] + other[begin:end] + data[place:]


def _lines(draw: random.Random, data: bytes, other: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    index = draw.randrange(len(lines))
    how = draw.randrange(6)
    if how == 0:
        del lines[index]
    elif how == 1:
        lines.insert(draw.randrange(len(lines) + 1), lines[index])
    elif how == 2:
        draw.shuffle(lines)
    elif how == 3:
        lines[index] = lines[index][: draw.randrange(len(lines[index]) + 1)]
    elif how == 4:
        lines.insert(index, draw.choice(other.splitlines(keepends=True) or [b"\n"]))
    else:
        lines.insert(index, draw.choice((b"\n", b"\r\n", b"   \n", b"\x00\n")))
    return b"".join(lines)


def _number(draw: random.Random, data: bytes, _: bytes) -> bytes:
    """A digit becomes a huge number."""
    digits = [index for index, byte in enumerate(data[:4000]) if 48 <= byte <= 57]
    if not digits:
        return data
    place = draw.choice(digits)
    return data[:place] + draw.choice((b"9" * 30, b"9" * 5000, b"-", b"0.", b"1e400")) + data[place:]


def _nest(draw: random.Random, data: bytes, _: bytes) -> bytes:
    depth = draw.choice((10, 1_000, 100_000))
    opening, closing = draw.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"(", b")"), (b'"', b'"'), (b"'", b"'")))
    place = draw.randrange(len(data) + 1)
    return data[:place] + opening * depth + (closing * depth if draw.random() < 0.5 else b"") + data[place:]


def _long_line(draw: random.Random, data: bytes, _: bytes) -> bytes:
    place = draw.randrange(len(data) + 1)
    filling = draw.choice((b"a", b" ", b"\\", b'\\"', b'"', b"%", b"\xff", b"a=", b"1.", b"$1 = "))
    return data[:place] + filling * draw.choice((100, 10_000, 200_000)) + data[place:]


def _random(draw: random.Random, data: bytes, _: bytes) -> bytes:
    begin, end = _span(draw, data)
    return data[:begin] + draw.randbytes(draw.choice((4, 60, 2_000))) + data[end:]


def _recode(draw: random.Random, data: bytes, _: bytes) -> bytes:
    encoding = draw.choice(("cp932", "euc_jp", "utf-16", "utf-8-sig", "latin-1"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def _line_ends(draw: random.Random, data: bytes, _: bytes) -> bytes:
    return data.replace(b"\n", draw.choice((b"\r\n", b"\r", b"\n\n", b"", b" \n")))


MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _flip_bit, _insert, _replace, _delete, _repeat, _cut, _splice, _lines) * 4,
    *(_number, _random, _line_ends, _recode) * 2,
    _nest,
    _long_line,
)
