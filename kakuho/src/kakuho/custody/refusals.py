"""The words in which custody says that something is not what it was: what, where, what to do."""

from __future__ import annotations

from kakuho.errors import IntegrityError
from kakuho.language import Bilingual

RESTORE = Bilingual(
    ja="控えから戻し、変更の経緯を調べてください。", en="restore it from a copy and find out who changed it"
)
REBUILD = Bilingual(
    ja="証拠・台帳・目録から作り直せます: lake/ を消し、解析からの各コマンドを実行してください。"
    "変更の経緯も調べてください。",
    en="it can be made again from evidence, journal and inventory: delete lake/ and run the commands anew; find "
    "out who "
    "changed it",
)


def refusal(*, ja: str, en: str, where: str, remedy: Bilingual = RESTORE) -> IntegrityError:
    """An integrity error in both languages."""
    return IntegrityError(Bilingual(ja=ja, en=en), where=where, remedy=remedy)
