"""Policyholders and insured persons."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosure_ledger.django import purpose
from petinsurance.accounts.portals import STAFF_CONSOLE, AccountRequest, only_for
from petinsurance.banking.forms import RevealForm
from petinsurance.banking.selectors import bank_account_of
from petinsurance.claims import selectors as claims
from petinsurance.liability.selectors import negotiation_about_claims
from petinsurance.pages.staff import bank_account
from petinsurance.pages.staff.search_page import search_page
from petinsurance.policies import selectors as policies
from petinsurance.policyholders import selectors
from petinsurance.policyholders.models import Policyholder


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(STAFF_CONSOLE)
@purpose("customer_service")
def search(request: AccountRequest) -> HttpResponse:
    return search_page(request, "staff/policyholders.html", selectors.search)


@require_safe
@only_for(STAFF_CONSOLE)
@purpose("customer_service")
def detail(request: AccountRequest, key: int) -> HttpResponse:
    policyholder = get_object_or_404(Policyholder, pk=key)
    context = {
        "policyholder": policyholder,
        "policies": policies.of_policyholder(policyholder),
        "claims": claims.of_policyholder(policyholder),
        "negotiation": negotiation_about_claims(policyholder),
        "bank_account": bank_account_of(policyholder),
        "reveal_form": RevealForm(),
    }
    return render(request, "staff/policyholder.html", context)


@require_POST
@only_for(STAFF_CONSOLE)
def reveal_bank_account(request: AccountRequest, key: int) -> HttpResponse:
    back = reverse("staff:policyholder", args=[key])
    return bank_account.reveal(request, get_object_or_404(Policyholder, pk=key), back)
