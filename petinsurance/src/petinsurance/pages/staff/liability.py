"""Injured third parties, for those who handle liability; the call centre does not see them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosure_ledger.django import purpose
from petinsurance.accounts.models import Role
from petinsurance.accounts.portals import STAFF_CONSOLE, AccountRequest, only_for
from petinsurance.banking.forms import RevealForm
from petinsurance.banking.selectors import bank_account_of
from petinsurance.liability import selectors, services
from petinsurance.liability.forms import NegotiationEntryForm
from petinsurance.pages.staff import bank_account
from petinsurance.pages.staff.search_page import search_page

liability_staff = only_for(STAFF_CONSOLE, Role.ADJUSTER, Role.LIABILITY_HANDLER)


@require_http_methods(["GET", "HEAD", "POST"])
@liability_staff
@purpose("liability_handling")
def search(request: AccountRequest) -> HttpResponse:
    return search_page(request, "staff/liability.html", selectors.search, selectors.injured_third_parties)


@require_safe
@liability_staff
@purpose("liability_handling")
def detail(request: AccountRequest, key: int) -> HttpResponse:
    return _detail(request, key, NegotiationEntryForm())


@require_POST
@liability_staff
@purpose("liability_handling")
def add_negotiation_entry(request: AccountRequest, key: int) -> HttpResponse:
    form = NegotiationEntryForm(request.POST)
    if not form.is_valid():
        return _detail(request, key, form)
    injured = get_object_or_404(selectors.injured_third_parties(), pk=key)
    services.add_negotiation_entry(injured, request.user, form.cleaned_data["body"])
    return redirect("staff:injured_third_party", key=key)


@require_POST
@liability_staff
def reveal_bank_account(request: AccountRequest, key: int) -> HttpResponse:
    injured = get_object_or_404(selectors.injured_third_parties(), pk=key)
    return bank_account.reveal(request, injured, reverse("staff:injured_third_party", args=[key]))


def _detail(request: AccountRequest, key: int, form: NegotiationEntryForm) -> HttpResponse:
    injured = get_object_or_404(selectors.injured_third_parties(), pk=key)
    context = {
        "injured": injured,
        "negotiation": injured.negotiation_entries.order_by("noted_at", "pk"),
        "bank_account": bank_account_of(injured),
        "entry_form": form,
        "reveal_form": RevealForm(),
    }
    return render(request, "staff/injured_third_party.html", context)
