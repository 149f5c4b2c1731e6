"""Filters for templates: how the ledger names a record, and how numbers are written."""

from django import template
from django.utils.translation import get_language

from petinsurance.subjects import DataSubject, subject_of

register = template.Library()


@register.filter
def subject(record: DataSubject) -> str:
    return subject_of(record)


@register.filter
def postal_code(seven_digits: str) -> str:
    """1000001 → 100-0001."""
    return f"{seven_digits[:3]}-{seven_digits[3:]}"


@register.filter
def yen(amount: int) -> str:
    """5950 → 5,950円, in English ¥5,950."""
    return f"¥{amount:,}" if get_language() == "en" else f"{amount:,}円"


@register.filter
def last_three(account_number: str) -> str:
    """1234567 → ••••567."""
    return "•" * (len(account_number) - 3) + account_number[-3:]
