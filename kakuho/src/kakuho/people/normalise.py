"""One spelling for one name, phone, mail address, postcode and address, from NFKC-normalised text.

NFKC (Unicode Standard Annex #15) folds width: half-width kana, full-width digits and letters, the ideographic space.
What it leaves is folded here. Kana to kana goes as in bank transfers (全銀): small kana count as large ones.
"""

from __future__ import annotations

import pyarrow as pa

HIRAGANA = "".join(chr(code) for code in range(0x3041, 0x3097))
KATAKANA = "".join(chr(code + 0x60) for code in range(0x3041, 0x3097))
SMALL_KANA, LARGE_KANA = "ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"

OLD_FORMS = "髙﨑嵜邊邉齋齊澤濵濱德廣國眞榮惠冨嶋嶌𠮷櫻瀧龍圓壽彌與條澁靜"
NEW_FORMS = "高崎崎辺辺斎斉沢浜浜徳広国真栄恵富島島吉桜滝竜円寿弥与条渋静"
"""Name characters (異体字) that systems swap for one another; the k-th old form is read as the k-th new one."""

DASHES = "‐‑‒–—―−ーｰ－"
KANJI_DIGITS, DIGITS = "〇一二三四五六七八九", "0123456789"


SEPARATORS = " \t\r\n　・･·=＝.,，、"
"""What stands between the parts of a name, foreign ones included."""


_NOTHING = str.maketrans("", "", SEPARATORS)
_LARGE = str.maketrans(SMALL_KANA, LARGE_KANA)
_READING = {
    **str.maketrans(HIRAGANA, KATAKANA.translate(_LARGE)),
    **_LARGE,
    **str.maketrans("-‐−", "ーーー"),
    **_NOTHING,
}
_SPELLING = {**str.maketrans(OLD_FORMS, NEW_FORMS), **_NOTHING}


def reading(names: pa.Array) -> pa.Array:
    """Kana readings: katakana, small ones enlarged, every dash a long-vowel mark; null where nothing is left."""
    return _translated(names, _READING)


def spelling(names: pa.Array) -> pa.Array:
    """Written names: variant characters folded, letters in upper case; null where nothing is left."""
    return _translated(names, _SPELLING)


def _translated(values: pa.Array, table: dict[int, int | None]) -> pa.Array:
    """In Python: DuckDB's ``translate`` takes three times as long for tables of this size."""
    return pa.array(
        [value.translate(table).upper() or None if value else None for value in values.to_pylist()], pa.string()
    )


def phone(column: str) -> str:
    """A Japanese number as 10 or 11 digits from 0; anything else, and numbers of one digit, say nothing."""
    digits = f"regexp_replace(regexp_replace({column}, '^\\s*\\+81[\\s-]*(\\(0\\))?0?', '0'), '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({digits}, '0[0-9]{{9,10}}')"
        f" AND length(replace({digits}, '0', '')) > 1 THEN {digits} END"
    )


def email(column: str) -> str:
    """A mail address in lower case."""
    lower = f"lower(trim({column}))"
    return f"CASE WHEN regexp_full_match({lower}, '[^@\\s]+@[^@\\s]+\\.[^@\\s]+') THEN {lower} END"


def postcode(column: str) -> str:
    """Seven digits."""
    digits = f"regexp_replace({column}, '[^0-9]', '', 'g')"
    return f"CASE WHEN length({digits}) = 7 THEN {digits} END"


def address(column: str) -> str:
    """A simple form: dashes and 丁目・番地・号 become one hyphen, kanji numerals before them digits, no spaces."""
    form = f"regexp_replace(upper({column}), '\\s+', '', 'g')"
    numbered = form
    for kanji, digit in zip(KANJI_DIGITS, DIGITS, strict=True):
        numbered = f"regexp_replace({numbered}, '{kanji}(丁目|番地|番|号)', '{digit}\\1', 'g')"
    form = f"CASE WHEN {form} ~ '.*[{KANJI_DIGITS}](丁目|番地|番|号).*' THEN {numbered} ELSE {form} END"
    form = f"regexp_replace({form}, '([0-9])(丁目|番地の?|番|号|[{DASHES}のノ]+)', '\\1-', 'g')"
    return f"nullif(regexp_replace({form}, '-+([^0-9-]|$)', '\\1', 'g'), '')"


def birth_date(column: str) -> str:
    """A date, from ISO, slashes or eight digits."""
    eight = f"regexp_replace({column}, '^\\s*([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})\\s*$', '\\1-\\2-\\3')"
    return f"TRY_CAST(replace({eight}, '/', '-') AS DATE)"


def gender(column: str) -> str:
    """``f``, ``m`` or null for everything that does not say (ISO/IEC 5218 for the digits)."""
    return (
        f"CASE WHEN lower(trim({column})) IN ('female', 'f', '女', '女性', '2') THEN 'f'"
        f" WHEN lower(trim({column})) IN ('male', 'm', '男', '男性', '1') THEN 'm' END"
    )
