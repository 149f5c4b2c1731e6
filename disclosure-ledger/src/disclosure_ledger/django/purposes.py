"""Why a response shows personal values: said by the view, once, as ``self_service`` or ``claims_handling``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, overload

from asgiref.sync import iscoroutinefunction, markcoroutinefunction

from disclosure_ledger.django.collection import collection_of
from disclosure_ledger.names import identifier

if TYPE_CHECKING:
    from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])


@overload
def purpose(request_or_name: str) -> Callable[[View], View]: ...
@overload
def purpose(request_or_name: HttpRequest, name: str) -> None: ...
def purpose(request_or_name: Any, name: str | None = None) -> Any:
    """``purpose(request, "self_service")`` in a view, or ``@purpose("self_service")`` on one."""
    if name is None:
        return _decorator(identifier(request_or_name, "purpose"))
    collection_of(request_or_name).purpose = identifier(name, "purpose")
    return None


def _decorator(name: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def with_purpose(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            purpose(request, name)
            return view(request, *arguments, **named)

        if iscoroutinefunction(view):
            markcoroutinefunction(with_purpose)
        return with_purpose  # type: ignore[return-value]

    return decorate
