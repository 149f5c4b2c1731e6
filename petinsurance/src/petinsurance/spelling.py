"""One spelling for what people type: half-width kana, full-width digits, hyphens of every kind.

Stored: kana in full-width katakana, postcodes as seven digits, phones with their hyphens as typed.
"""

import re
import unicodedata

import jaconv
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ-", "-"))


def kana(text: str) -> str:
    """Full-width katakana, one half-width space between names."""
    folded = jaconv.hira2kata(unicodedata.normalize("NFKC", text))
    return " ".join(folded.split())


def kana_required(text: str) -> str:
    spelled = kana(text)
    if not re.fullmatch(r"[ァ-ヶー・ ]+", spelled):
        raise ValidationError(_("カタカナで入力してください。"))
    return spelled


def postal_code(text: str) -> str:
    digits = unicodedata.normalize("NFKC", text).translate(_HYPHENS).replace("-", "").replace("〒", "").strip()
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise ValidationError(_("郵便番号は7桁の数字で入力してください。"))
    return digits


def phone(text: str) -> str:
    spelled = unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip()
    if not re.fullmatch(r"0[0-9]{9,10}", spelled.replace("-", "")):
        raise ValidationError(_("電話番号は0から始まる10桁または11桁の数字で入力してください。"))
    return spelled


def digits(text: str) -> str:
    """Only the digits, for comparing phones whose hyphens stand elsewhere."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
