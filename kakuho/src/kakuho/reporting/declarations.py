"""What people declare for the documents, beside ``case.toml``: ``publication.toml`` in the case folder.

Everything may be left out: what a document then lacks is printed as a visible placeholder and listed by the command.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kakuho.errors import UsageError
from kakuho.language import Bilingual, Language

FILE = "publication.toml"

TEMPLATE = """\
# 公表文・報告書・通知書に書く、人が決める事項。行頭の # を外して記入してください。
# 未記入の項目は【要記入】と印字されます。
# What people decide about the notices, reports and letters. Uncomment and fill in; what is left out is shown as such.

# known_on = 2026-01-31                     # 事態を知った日 / day on which any department knew of it
# notice_1_on = 2026-01-31                  # 第1報の公表日 / day of the first notice
# notice_2_on = 2026-01-31                  # 第2報の公表日 / day of the second notice
# letters_on = 2026-01-31                   # 通知書の日付 / date of the letters
# representative = {ja = "代表取締役社長　山田 太郎", en = "Taro Yamada, President"}
# system = {ja = "○○システム", en = "the ... system"}
# cause = {ja = "…ことによるものです。", en = "It was caused by ..."}
# secondary_damage = {ja = "…", en = "..."}  # 二次被害の有無 / misuse known so far
# other = {ja = "…", en = "..."}             # 当局への報告書の「その他」 / other matters for the regulator
# response = [{ja = "…しました。", en = "We ..."}]      # 実施した対応 / what was done
# prevention = [{ja = "…します。", en = "We will ..."}]  # 再発防止策 / what will keep it from happening again
"""


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Declared):
    ja: str
    en: str

    def text(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class Declarations(_Declared):
    known_on: date | None = None
    notice_1_on: date | None = None
    notice_2_on: date | None = None
    letters_on: date | None = None
    representative: Words | None = None
    system: Words | None = None
    cause: Words | None = None
    secondary_damage: Words | None = None
    other: Words | None = None
    response: tuple[Words, ...] = ()
    prevention: tuple[Words, ...] = ()


def read_declarations(path: Path) -> Declarations:
    """Read ``publication.toml``; nothing is declared where it does not exist. Raises UsageError naming the field."""
    remedy = Bilingual(ja=f"{FILE} を直してください。", en=f"mend {FILE} and try again")
    try:
        return Declarations.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Declarations()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = Bilingual(ja=f"{FILE} の項目 {place} が正しくありません。", en=f"{FILE}: {first['msg']}")
        raise UsageError(what, where=f"{path}: {place}", remedy=remedy) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        what = Bilingual(ja=f"{FILE} を TOML として読めません。", en=f"{FILE} is not valid TOML")
        raise UsageError(what, where=f"{path}: {type(error).__name__}", remedy=remedy) from None
