"""How a count is written: exact, or rounded and then labelled 約; forms and units are data (``figures.yaml``)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from kakuho.language import Language
from kakuho.reporting.data import load

Form = Literal["public", "exact"]


def figure_text(value: int, unit: str, language: Language, form: Form, *, bare: bool = False) -> str:
    """``143000, "records", "ja", "public"`` → ``約14.3万件``; ``bare`` leaves the unit out in English."""
    data = load("figures.yaml")
    rule = _rule(value, form)
    rounded = int((Decimal(value) / rule["step"]).quantize(Decimal(1), ROUND_HALF_UP)) * rule["step"]
    about = data["about"][language] if rule.get("about") else ""
    words = data["units"][unit]
    if language == "en":
        if bare:
            return f"{about}{rounded:,}"
        return f"{about}{rounded:,}{words['one'] if rounded == 1 else words['many']}"
    return f"{about}{_japanese(rounded, rule.get('ja'))}{words['ja']}"


def is_rounded(value: int, form: Form) -> bool:
    """Whether this form writes the value with 約."""
    return bool(_rule(value, form).get("about"))


def _rule(value: int, form: Form) -> dict[str, Any]:
    rules: list[dict[str, Any]] = load("figures.yaml")["forms"][form]
    return next(rule for rule in rules if "below" not in rule or value < rule["below"])


def _japanese(value: int, scale: dict[str, Any] | None) -> str:
    if scale is None:
        return f"{value:,}"
    scaled = (Decimal(value) / scale["divisor"]).quantize(Decimal("0.1"), ROUND_HALF_UP)
    digits = f"{scaled:,}"
    return f"{digits.removesuffix('.0')}{scale['suffix']}"
