"""Which format a file is in, told by its content: format, variant, how sure, and why."""

from __future__ import annotations

from dataclasses import dataclass

from kakuho.errors import UsageError
from kakuho.evidence.content import Content
from kakuho.evidence.formats import FORMATS, Declared, Format, Head, Recognition
from kakuho.evidence.formats.base import NOTHING_DECLARED
from kakuho.evidence.formats.unknown import Unknown
from kakuho.language import Bilingual

HEAD_BYTES = 1 << 18
MOST_LINES = 200
LEAST_CONFIDENCE = 0.5
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Identification:
    """A file's format (``unknown`` where none is sure enough), its variant, and what speaks for it.

    ``others``: further formats that it could be, with their confidence, surest first.
    """

    format: Format
    confidence: float
    variant: str
    why: Bilingual
    others: tuple[tuple[str, float], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is in one of the formats."""
        return self.format.name in FORMATS


def head_of(content: Content, name: str, declared: Declared = NOTHING_DECLARED) -> Head:
    """The beginning of a file."""
    data = content.read(0, HEAD_BYTES)
    is_whole = len(data) == content.size
    lines = data.split(b"\n")
    if not is_whole and len(lines) > 1:
        lines.pop()
    given = [line.rstrip(b"\r") for line in lines if line.strip()]
    return Head(name, data, tuple(given[:MOST_LINES]), is_whole, declared)


def identify(
    content: Content, name: str, chosen: str | None = None, declared: Declared = NOTHING_DECLARED
) -> Identification:
    """The format of a file, or what is said of it under the format that was chosen.

    Raises UsageError for a chosen format that does not exist or of which the beginning of the file shows nothing.
    """
    head = head_of(content, name, declared)
    if chosen is not None:
        return _as_chosen(chosen, head)
    found = sorted(_recognised(head), key=lambda one: -one[1].confidence)
    others = tuple((known.name, recognised.confidence) for known, recognised in found[1:])
    if not found or found[0][1].confidence < LEAST_CONFIDENCE:
        return Identification(Unknown(), 0.0, "", _why_unknown(head), tuple((k.name, r.confidence) for k, r in found))
    known, recognised = found[0]
    return Identification(known, recognised.confidence, recognised.variant, recognised.why, others)


def _recognised(head: Head) -> list[tuple[Format, Recognition]]:
    if not head.data.strip():
        return []
    found = [(known, known.recognise(head)) for known in FORMATS.values()]
    return [(known, recognised) for known, recognised in found if recognised is not None]


def _as_chosen(chosen: str, head: Head) -> Identification:
    names = ", ".join([*FORMATS, Unknown.name])
    if chosen == Unknown.name:
        return Identification(Unknown(), 1.0, "", Bilingual(ja="指定による", en="as told"))
    if chosen not in FORMATS:
        raise UsageError(
            Bilingual(ja=f"形式 {chosen} はありません。", en=f"there is no format {chosen}"),
            where="--format",
            remedy=Bilingual(ja=f"次から選んでください: {names}", en=f"choose one of {names}"),
        )
    recognised = FORMATS[chosen].recognise(head)
    if recognised is None and head.data.strip():
        raise UsageError(
            Bilingual(
                ja=f"先頭に {chosen} として読める行が一つもありません。",
                en=f"not one of its first lines reads as {chosen}",
            ),
            where=head.name,
            remedy=Bilingual(
                ja="--format を確かめるか、指定せずに加えてください（不明な形式でも封印されます）。",
                en="check --format, or add it without: a file of unknown format is sealed all the same",
            ),
        )
    told = Bilingual(ja="指定による", en="as told")
    if recognised is None:
        return Identification(FORMATS[chosen], 1.0, "", told)
    return Identification(FORMATS[chosen], recognised.confidence, recognised.variant, told)


def _why_unknown(head: Head) -> Bilingual:
    if not head.data.strip():
        return Bilingual(ja="空のファイル", en="the file is empty")
    if head.data.startswith(_UTF16) or _looks_like_utf16(head.data):
        return Bilingual(
            ja="文字コードが UTF-16（途中で変換された可能性があります。元の形で取得し直してください）",
            en="its encoding is UTF-16; something may have converted it on the way: take it again as it was",
        )
    if b"\x00" in head.data:
        return Bilingual(ja="未知のバイナリ形式", en="a binary format that is not known")
    return Bilingual(ja="どの形式の行にも当てはまらない", en="its lines are in no known format")


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:2000]
    return len(sample) > 20 and max(sample[0::2].count(0), sample[1::2].count(0)) > 0.4 * len(sample) / 2
