"""People who asked for a quote or a brochure."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from disclosure_ledger.django import purpose
from petinsurance.accounts.portals import STAFF_CONSOLE, AccountRequest, only_for
from petinsurance.pages.staff.search_page import search_page
from petinsurance.quotes import selectors
from petinsurance.quotes.models import BrochureRequest, Quote


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(STAFF_CONSOLE)
@purpose("customer_service")
def search(request: AccountRequest) -> HttpResponse:
    return search_page(request, "staff/prospects.html", selectors.search)


@require_safe
@only_for(STAFF_CONSOLE)
@purpose("customer_service")
def quote(request: AccountRequest, key: int) -> HttpResponse:
    return render(request, "staff/quote.html", {"quote": get_object_or_404(Quote, pk=key)})


@require_safe
@only_for(STAFF_CONSOLE)
@purpose("customer_service")
def brochure_request(request: AccountRequest, key: int) -> HttpResponse:
    return render(
        request, "staff/brochure_request.html", {"brochure_request": get_object_or_404(BrochureRequest, pk=key)}
    )
