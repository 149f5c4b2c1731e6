"""What people declare about a case at its start: ``case.toml``.

Notices and letters print these fields. A new case holds visible placeholders, so that an unfilled field is seen
on the page instead of being missing from it. Knows nothing of evidence or results.
"""

from __future__ import annotations

import json
import tomllib
import zoneinfo
from pathlib import Path
from typing import Annotated

import pydantic

from kakuho.errors import UsageError
from kakuho.language import Bilingual

PLACEHOLDER_JA = "【要記入】"
PLACEHOLDER_EN = "[TO BE FILLED IN]"


class _Declared(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


class Organisation(_Declared):
    """The organisation that answers for the data, as the notices name it."""

    ja: str = PLACEHOLDER_JA
    en: str = PLACEHOLDER_EN


class Contact(_Declared):
    """The desk that the notices and letters name for inquiries."""

    desk_ja: str = PLACEHOLDER_JA
    desk_en: str = PLACEHOLDER_EN
    telephone: str = PLACEHOLDER_JA
    hours_ja: str = PLACEHOLDER_JA
    hours_en: str = PLACEHOLDER_EN
    email: str = PLACEHOLDER_JA
    postal_address_ja: str = PLACEHOLDER_JA
    postal_address_en: str = PLACEHOLDER_EN
    web_page: str = PLACEHOLDER_JA


def _known_time_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError("not a time zone name such as Asia/Tokyo")
    return name


class CaseSettings(_Declared):
    """The whole of ``case.toml``."""

    name: Annotated[str, pydantic.Field(min_length=1)]
    time_zone: Annotated[str, pydantic.AfterValidator(_known_time_zone)] = "Asia/Tokyo"
    organisation: Organisation = Organisation()
    contact: Contact = Contact()


def read_settings(path: Path) -> CaseSettings:
    """Read and check ``case.toml``; raises UsageError naming the field that is wrong."""
    remedy = Bilingual(ja="case.toml を直してください。", en="mend case.toml and try again")
    try:
        return CaseSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        what = Bilingual(ja=f"case.toml の項目 {field} が正しくありません。", en=f"case.toml: {first['msg']}")
        raise UsageError(what, where=f"{path}: {field}", remedy=remedy) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = Bilingual(ja="case.toml を TOML として読めません。", en="case.toml is not valid TOML")
        raise UsageError(what, where=f"{path}: {error}", remedy=remedy) from None


def settings_text(settings: CaseSettings) -> str:
    """``case.toml`` for these settings, with a word of explanation for whoever fills it in."""
    lines = [
        "# 事案の基本情報。【要記入】の項目は公表文・通知書にそのまま印字されます。",
        "# What is declared about this case. Fields left [TO BE FILLED IN] are printed as such in the notices.",
        f"name = {_quoted(settings.name)}",
        f"time_zone = {_quoted(settings.time_zone)}",
    ]
    for heading, table in (("organisation", settings.organisation), ("contact", settings.contact)):
        lines += ["", f"[{heading}]"]
        lines += [f"{key} = {_quoted(value)}" for key, value in table.model_dump().items()]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
