"""Check digits of numbers about persons and organisations."""

from __future__ import annotations


def is_my_number(digits: str) -> bool:
    """A 12-digit individual number (個人番号): its last digit by
    行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による
    通知カード及び個人番号カード並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する省令
    (平成26年総務省令第85号) 第5条.
    """
    if len(digits) != 12 or not _ascii_digits(digits):
        return False
    total = sum(int(digits[11 - n]) * (n + 1 if n <= 6 else n - 5) for n in range(1, 12))
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def is_corporate_number(digits: str) -> bool:
    """A 13-digit corporate number (法人番号): its first digit by 法人番号の指定等に関する省令
    (平成26年財務省令第70号) 第2条."""
    if len(digits) != 13 or not _ascii_digits(digits):
        return False
    total = sum(int(digits[13 - n]) * (1 if n % 2 else 2) for n in range(1, 13))
    return int(digits[0]) == 9 - total % 9


def is_card_number(digits: str) -> bool:
    """A payment card's number: an issuer's range and length, and the Luhn check (ISO/IEC 7812-1, annex B)."""
    return _ascii_digits(digits) and _issuer(digits) and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit."""
    total = 0
    for position, letter in enumerate(reversed(digits)):
        value = int(letter) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _issuer(digits: str) -> bool:
    """Visa, Mastercard, American Express, Diners Club, JCB, Discover, UnionPay: first digits and length."""
    size, first2, first3, first4 = len(digits), digits[:2], digits[:3], digits[:4]
    return (
        (digits[:1] == "4" and size in (13, 16, 19))
        or (size == 16 and ("51" <= first2 <= "55" or "2221" <= first4 <= "2720"))
        or (size == 15 and first2 in ("34", "37"))
        or (size in (14, 16) and (first2 in ("36", "38", "39") or "300" <= first3 <= "305"))
        or (size == 16 and "3528" <= first4 <= "3589")
        or (size in (16, 19) and (first4 == "6011" or first2 in ("62", "65") or "644" <= first3 <= "649"))
    )


def _ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
