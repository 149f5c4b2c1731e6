"""What people say of sealed sources after they were sealed: kept in the journal, then the sources are read again."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared
from kakuho.evidence.identification import identify
from kakuho.evidence.progress import Advance
from kakuho.evidence.sealed import DECLARED_ACT, SealedSource, sealed_sources, unpacked_folder
from kakuho.evidence.storage import telling_of_storage
from kakuho.evidence.unpacking.stage import unpack_again
from kakuho.evidence.update import bring_up_to_date
from kakuho.language import Bilingual


def declare_sources(
    case: Case,
    names: Sequence[str],
    format_name: str | None,
    declared: Declared,
    clock_offset_us: int | None,
    advance: Advance = lambda done, total: None,
) -> set[str]:
    """Declare something of the sources that ``names`` mean (names with ``*``, or beginnings of SHA-256).

    Returns their content's SHA-256. Raises UsageError where a name means no source, where nothing is declared, or where
    the format shows nothing of the content.
    """
    spoken = {key: value for key, value in vars(declared).items() if value is not None}
    if clock_offset_us is not None:
        spoken["clock_offset_us"] = clock_offset_us
    if not spoken and format_name is None:
        raise UsageError(
            Bilingual(ja="何を申告するのか指定されていません。", en="nothing to declare was given"),
            where="evidence declare",
            remedy=Bilingual(ja="--time-zone などを指定してください。", en="give --time-zone or another option"),
        )
    with case.lock(), telling_of_storage(case.directory):
        chosen = _chosen(sealed_sources(case), names)
        acts: list[tuple[str, dict[str, Any]]] = [
            (DECLARED_ACT, {"sha256": one.sha256, "declared": _declared(case, one, spoken, format_name, declared)})
            for one in chosen
        ]
        case.journal.append_all([(act, details) for act, details in acts])
        bring_up_to_date(case, advance)
    return {one.sha256 for one in chosen}


def _declared(
    case: Case, source: SealedSource, spoken: dict[str, Any], format_name: str | None, declared: Declared
) -> dict[str, Any]:
    """What goes into the journal; the format is told anew, since with what was declared it can be another."""
    if source.member is not None:
        unpack_again(case.directory, case.evidence / source.sealed, unpacked_folder(case, source.sealed))
    chosen = format_name or (source.format if source.format != "unknown" else None)
    known = identify(source.content(case), source.name, chosen, declared)
    return {**spoken, "format": known.format.name, "variant": known.variant, "role": known.format.role}


def _chosen(sources: Sequence[SealedSource], names: Sequence[str]) -> list[SealedSource]:
    chosen: dict[str, SealedSource] = {}
    for name in names:
        meant = [one for one in sources if fnmatchcase(one.name, name) or one.is_hash(name)]
        if not meant:
            raise UsageError(
                Bilingual(ja="この名前の証拠はありません。", en="there is no source of this name"),
                where=name,
                remedy=Bilingual(ja="kakuho evidence show で名前を確かめてください。", en="see kakuho evidence show"),
            )
        chosen.update({one.sha256: one for one in meant})
    return list(chosen.values())
