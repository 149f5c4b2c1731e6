"""Is this value on that page? A value may be shown in other forms than it is stored in: all of them are looked for.

Texts are compared after NFKC and without white space; numbers, dates and telephone numbers with what surrounds them,
so that 1,200 is not found in 11,200 and an account number not in a longer number. A masked value is not found.
"""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
_GENDERS = {"female": ("女性", "女"), "male": ("男性", "男"), "unspecified": ("無回答",)}
_PHONE = re.compile(r"(?<![\d-])\+?\d[\d\-() ]{8,}\d(?!\d)")
_ERAS = (("令和", 2018), ("平成", 1988), ("昭和", 1925))


class PageText:
    """A page's readable text, made ready for looking things up."""

    def __init__(self, text: str) -> None:
        self.plain = unicodedata.normalize("NFKC", text)
        self.dense = "".join(self.plain.split())
        self.phones = {re.sub(r"\D", "", found) for found in _PHONE.findall(self.plain)}

    def shows(self, column: str, value: str) -> bool:
        """Whether the value of that column is readable here, in any form that it is shown in."""
        if column == "gender":
            return any(word in self._words() for word in _GENDERS.get(value, (value,)))
        if column == "phone":
            return re.sub(r"\D", "", value) in self.phones
        if column in ("birth_date", "paid_on", "treated_on", "received_on"):
            return any(self._has_number(form) for form in date_forms(date.fromisoformat(value)))
        if column == "noted_at":
            return any(self._has_number(form) for form in moment_forms(datetime.fromisoformat(value)))
        if column in ("amount_paid", "amount_billed"):
            return any(self._has_number(form) for form in (value, f"{int(value):,}"))
        if column == "postal_code":
            return any(self._has_number(form) for form in (value, f"{value[:3]}-{value[3:]}"))
        if column in ("account_number", "policy_number", "claim_number"):
            return self._has_number(value)
        return "".join(unicodedata.normalize("NFKC", value).split()) in self.dense

    def _has_number(self, form: str) -> bool:
        return re.search(rf"(?<![\w,]){re.escape(form)}(?!\w|,\d|\*)", self.plain, re.ASCII) is not None

    def _words(self) -> set[str]:
        return set(re.split(r"[\s、,/・()::]+", self.plain))


def date_forms(day: date) -> list[str]:
    """2025-03-09, 2025/03/09, 2025/3/9, 2025年3月9日, 2025年03月09日, 令和7年3月9日, …"""
    western = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y年%m月%d日}",
    ]
    return western + [
        f"{era}{day.year - before}年{day.month}月{day.day}日" for era, before in _ERAS if day.year > before
    ]


def moment_forms(moment: datetime) -> list[str]:
    """The day of a moment in Japan, with its hour and minute."""
    local = moment.astimezone(JAPAN)
    clock = (f"{local:%H:%M}", f"{local.hour}:{local:%M}", f"{local.hour}時{local.minute}分", f"{local:%H時%M分}")
    return [f"{day}{gap}{time}" for day in date_forms(local.date()) for gap in (" ", "T", "") for time in clock]
