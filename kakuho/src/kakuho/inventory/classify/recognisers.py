"""What values look like: each recogniser says whether one value is of its kind. Values are looked at, never given on."""

from __future__ import annotations

import datetime
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from kakuho.inventory.classify.checkdigits import is_card_number, is_corporate_number, is_my_number
from kakuho.inventory.classify.japanese import FAMILY_NAMES, PREFECTURES

Recogniser = Callable[[str], bool]

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-/=?^{|}~'*#$&!]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
_JP_PHONE = re.compile(r"0(?:[5789]0\d{8}|120\d{6}|800\d{7}|570\d{6}|[1-9]\d{8})")
_INTERNATIONAL = re.compile(r"\+\d{8,15}")
_GROUPED = re.compile(r"\(?\d{2,5}\)?[\s.\-]\d{1,4}[\s.\-]\d{3,4}")
_POSTCODE = re.compile(r"\d{3}-\d{4}|〒\s*\d{3}-?\d{4}")
_KANA = re.compile(r"[\u30a0-\u30ffー・\s\u3000.()（）-]{2,}|[\u3041-\u309fー\s\u3000]{2,}|[\uff61-\uff9f\s.()-]{2,}")
_NAME = re.compile(r"[\u3400-\u9fff々ヶケノ\u3041-\u30ffー]{1,6}[\s\u3000]?[\u3400-\u9fff々\u3041-\u30ffー]{1,6}")
_LATIN_NAME = re.compile(r"[A-Z][a-zA-Z'’\-]+(?:[ \u3000][A-Z][a-zA-Z'’.\-]*){1,3}")
_HASH = re.compile(r"\$(2[aby]|argon2\w*|6|5|1|scrypt|pbkdf2\S*)\$\S+|(argon2|pbkdf2_\w+|bcrypt\w*|scrypt)\$\S+|\{(SSHA|SHA|MD5)\}\S+|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{128}|[0-9A-F]{64}|[0-9A-F]{128}")  # fmt: skip
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|(sk|pk|ghp|xox[bp])[_-]\w{16,}|-----BEGIN [A-Z ]+-----.*", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}|[A-Za-z0-9_-]{24,}")
_STREET = re.compile(
    r"\d+\s+[A-Z][\w.\s]+\b(Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b.*", re.IGNORECASE
)
_JP_ADDRESS = re.compile(r".{1,40}[市区町村郡].{1,60}")
_GENDERS = {"m", "f", "male", "female", "man", "woman", "男", "女", "男性", "女性", "other", "unspecified", "unknown", "u", "o", "無回答",
            "その他", "不明", "0", "1", "2", "9"}  # fmt: skip
_ACCOUNT_TYPES = {"普通", "当座", "貯蓄", "ﾌﾂｳ", "ordinary", "savings", "checking", "current"}


def phone(value: str) -> bool:
    """A telephone number as written in Japan, or an international one."""
    plain = unicodedata.normalize("NFKC", value).strip()
    digits = re.sub(r"[\s\-().ー−‐]", "", plain)
    return bool(_JP_PHONE.fullmatch(digits) or _INTERNATIONAL.fullmatch(digits) or _GROUPED.fullmatch(plain))


def postal_code(value: str) -> bool:
    """A Japanese postcode with its hyphen, or seven bare digits."""
    plain = unicodedata.normalize("NFKC", value).strip()
    return bool(_POSTCODE.fullmatch(plain) or re.fullmatch(r"\d{7}", plain))


def birth_date(value: str) -> bool:
    """A date on which a living person, or one lately dead, can have been born."""
    found = re.match(r"(\d{4})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})", value.strip())
    if found is None:
        return False
    try:
        day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return datetime.date(1900, 1, 1) <= day <= datetime.datetime.now(tz=datetime.UTC).date()


def ip(value: str) -> bool:
    """An IPv4 or IPv6 address, with or without a prefix length."""
    try:
        ipaddress.ip_interface(value.strip())
    except ValueError:
        return False
    return not value.strip().isdigit()


def name(value: str) -> bool:
    """A Japanese personal name (a common family name first), or a Latin one of two to four words."""
    plain = value.strip()
    if _NAME.fullmatch(plain):
        return any(plain.startswith(family) for family in FAMILY_NAMES)
    return bool(_LATIN_NAME.fullmatch(plain))


def japanese_name(value: str) -> bool:
    """A Japanese personal name: what values alone may tell."""
    return name(value) and not value.isascii()


def address(value: str) -> bool:
    """A Japanese address (a prefecture or a municipality, then more), or a Latin street address."""
    plain = value.strip()
    if plain.startswith(PREFECTURES) and len(plain) > 5:
        return True
    return bool(
        (_JP_ADDRESS.fullmatch(plain) and re.search(r"\d|[０-９一二三四五六七八九十]", plain))
        or _STREET.fullmatch(plain)
    )


def free_text(value: str) -> bool:
    """Running text: sentences, or many words."""
    return len(value) >= 12 and (bool(re.search(r"[。、!?！？]|\.\s", value)) or value.count(" ") >= 5)


def _digits(value: str) -> str:
    return re.sub(r"[\s-]", "", value)


RECOGNISERS: Mapping[str, Recogniser] = {
    "email": lambda value: bool(_EMAIL.fullmatch(value.strip())),
    "phone": phone,
    "postal_code": postal_code,
    "birth_date": birth_date,
    "ip": ip,
    "my_number": lambda value: is_my_number(_digits(value)),
    "corporate_number": lambda value: is_corporate_number(_digits(value)),
    "card": lambda value: is_card_number(_digits(value)),
    "kana": lambda value: bool(_KANA.fullmatch(value.strip())),
    "name": name,
    "japanese_name": japanese_name,
    "address": address,
    "prefecture": lambda value: value.strip() in PREFECTURES or value.strip() in {one[:-1] for one in PREFECTURES},
    "gender": lambda value: value.strip().lower() in _GENDERS,
    "secret": lambda value: bool(_HASH.fullmatch(value.strip()) or _TOKEN.fullmatch(value.strip())),
    "bank": lambda value: bool(re.fullmatch(r"\d{3,4}|\d{7}", value.strip())) or value.strip() in _ACCOUNT_TYPES
    or value.strip().endswith(("銀行", "信用金庫", "信用組合", "支店", "営業部", "出張所", "農協")) or bool(_KANA.fullmatch(value.strip())),
    "username": lambda value: bool(re.fullmatch(r"[\w.@+-]{2,254}", value.strip())),
    "free_text": free_text,
    "json": lambda value: value.strip()[:1] in "{[" and value.strip()[-1:] in "}]…",
    "ciphertext": lambda value: bool(_BASE64.fullmatch(value.strip())) and len(set(value)) > 12,
}  # fmt: skip

NAMES = {
    "email": ("メールアドレス", "e-mail addresses"), "phone": ("電話番号", "phone numbers"), "postal_code": ("郵便番号", "postcodes"),
    "birth_date": ("生年月日になりうる日付", "possible dates of birth"), "ip": ("IPアドレス", "IP addresses"),
    "my_number": ("検査用数字の合うマイナンバー", "My Numbers with a right check digit"), "corporate_number": ("法人番号", "corporate numbers"),
    "card": ("検査数字の合うカード番号", "card numbers that pass the Luhn check"), "kana": ("カナ", "kana"), "name": ("人名", "names of persons"), "japanese_name": ("人名", "names of persons"),
    "address": ("住所", "addresses"), "prefecture": ("都道府県", "prefectures"), "gender": ("性別の区分", "codes of gender"),
    "secret": ("ハッシュかトークン", "hashes or tokens"), "bank": ("口座の項目", "parts of a bank account"),
    "username": ("利用者名", "user names"), "free_text": ("文章", "running text"), "json": ("JSON", "JSON"),
    "ciphertext": ("暗号文か符号", "ciphertext or encoded data"),
}  # fmt: skip


def share(recogniser: str, values: Sequence[str]) -> float:
    """The part of ``values`` that the recogniser accepts, 0 to 1; 0 without values."""
    accepts = RECOGNISERS[recogniser]
    return sum(map(accepts, values)) / len(values) if values else 0.0


def is_spread_of_births(values: Sequence[str]) -> bool:
    """Whether dates are spread as births are: over decades, many of them long ago."""
    years = sorted(int(value[:4]) for value in values if birth_date(value) and value[:4].isdigit())
    if len(years) < 8:
        return False
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    adults = sum(1 for year in years if year <= this_year - 18)
    return adults / len(years) >= 0.6 and years[-1] - years[0] >= 20 and len(set(years)) >= 8
