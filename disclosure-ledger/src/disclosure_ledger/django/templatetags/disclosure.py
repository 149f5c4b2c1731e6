"""``{% load disclosure %}``: the tag through which a personal value reaches a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import render_value_in_context
from django.template.context import Context

from disclosure_ledger.django.collection import collection_of
from disclosure_ledger.django.notes import note_value

register = template.Library()


@register.simple_tag(takes_context=True)
def disclose(context: Context, subject: str, item: str, value: Any, masked: bool = False) -> str:
    """``{% disclose "policyholder:12" "name" value %}`` renders as ``{{ value }}`` does and notes it.

    ``masked=True`` says that the value is masked already. None renders as nothing.
    """
    if value is None:
        return ""
    request = getattr(context, "request", None) or context.get("request")
    note_value(collection_of(request), request, subject, item, value, masked=masked)
    return render_value_in_context(value, context)
