"""Which format a file is in, told by its content; and a clear refusal of what cannot be taken in."""

from __future__ import annotations

from pathlib import Path

from kakuho.errors import UsageError
from kakuho.evidence.formats import FORMATS, Format
from kakuho.language import Bilingual

HEAD_BYTES = 1 << 18
MOST_LINES = 200
LEAST_SHARE = 0.5
_COMPRESSED = {b"\x1f\x8b": "gzip -dk", b"\xfd7zXZ\x00": "xz -dk", b"\x28\xb5\x2f\xfd": "zstd -dk", b"BZh": "bzip2 -dk"}
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def identify(path: Path, name: str, chosen: str | None) -> Format:
    """The format of a file, or the one that was chosen; raises UsageError telling what the file is instead."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise _refusal(
            name,
            Bilingual(ja="ファイルが空です。", en="the file is empty"),
            Bilingual(
                ja="取得し直すか、外してください。空であること自体が重要なら、元の場所と日時を記録してください。",
                en="take it again or leave it out; if its being empty matters, note where and when it was found",
            ),
        )
    if chosen is not None:
        return _chosen(chosen)
    _refuse_unreadable(head, name)
    lines = [line for line in head.split(b"\n") if line.strip()][:MOST_LINES]
    if len(lines) > 1 and len(head) == HEAD_BYTES:
        lines.pop()
    shares = {known.name: known.recognises(head, [line.rstrip(b"\r") for line in lines]) for known in FORMATS.values()}
    best = max(shares, key=lambda known: shares[known])
    if shares[best] < LEAST_SHARE:
        raise _refusal(
            name,
            Bilingual(ja="証拠の形式を判別できません。", en="the format of this file is not known"),
            Bilingual(
                ja=f"形式が分かっているなら --format で指定してください（{', '.join(FORMATS)}）。",
                en=f"if you know its format, name it with --format ({', '.join(FORMATS)})",
            ),
        )
    return FORMATS[best]


def _chosen(name: str) -> Format:
    if name not in FORMATS:
        raise UsageError(
            Bilingual(ja=f"形式 {name} はありません。", en=f"there is no format {name}"),
            where="--format",
            remedy=Bilingual(
                ja=f"次から選んでください: {', '.join(FORMATS)}", en=f"choose one of {', '.join(FORMATS)}"
            ),
        )
    return FORMATS[name]


def _refuse_unreadable(head: bytes, name: str) -> None:
    for magic, command in _COMPRESSED.items():
        if head.startswith(magic):
            raise _refusal(
                name,
                Bilingual(ja="圧縮されたファイルです。", en="the file is compressed"),
                Bilingual(ja=f"展開してから加えてください: {command}", en=f"decompress it first: {command}"),
            )
    if head.startswith(_ZIP):
        raise _refusal(
            name,
            Bilingual(ja="ZIP ファイルです。", en="the file is a ZIP archive"),
            Bilingual(ja="展開してから加えてください。", en="unpack it first"),
        )
    if head.startswith(_UTF16) or _looks_like_utf16(head):
        raise _refusal(
            name,
            Bilingual(ja="文字コードが UTF-16 です。", en="the file is UTF-16"),
            Bilingual(
                ja="元の場所から UTF-8 のまま取得し直してください（Windows での保存し直しが原因のことがあります）。",
                en="take it again as it was, in UTF-8: something converted it on the way",
            ),
        )
    known_binary = any(known.recognises(head, []) for known in FORMATS.values())
    if b"\x00" in head and not known_binary:
        raise _refusal(
            name,
            Bilingual(ja="ログではなくバイナリファイルです。", en="the file is binary, not a log"),
            Bilingual(
                ja="ログ本体か、pg_dump -Fc のスナップショットを指定してください。",
                en="name the log itself, or a snapshot taken with pg_dump -Fc",
            ),
        )


def _looks_like_utf16(head: bytes) -> bool:
    sample = head[:2000]
    return len(sample) > 20 and max(sample[0::2].count(0), sample[1::2].count(0)) > 0.4 * len(sample) / 2


def _refusal(name: str, what: Bilingual, remedy: Bilingual) -> UsageError:
    return UsageError(what, where=name, remedy=remedy)
