"""Veterinary institutions, investigation partners and agencies."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosure_ledger.django import purpose
from petinsurance.accounts.portals import STAFF_CONSOLE, AccountRequest, only_for
from petinsurance.banking.forms import RevealForm
from petinsurance.banking.selectors import bank_account_of
from petinsurance.pages.staff import bank_account
from petinsurance.pages.staff.search_page import search_page
from petinsurance.partners import selectors
from petinsurance.partners.models import Agency, Clinic


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(STAFF_CONSOLE)
@purpose("claims_handling")
def clinics(request: AccountRequest) -> HttpResponse:
    return search_page(request, "staff/clinics.html", selectors.search_clinics)


@require_safe
@only_for(STAFF_CONSOLE)
@purpose("claims_handling")
def clinic(request: AccountRequest, key: int) -> HttpResponse:
    found = get_object_or_404(Clinic, pk=key)
    context = {"clinic": found, "bank_account": bank_account_of(found), "reveal_form": RevealForm()}
    return render(request, "staff/clinic.html", context)


@require_POST
@only_for(STAFF_CONSOLE)
def reveal_clinic_bank_account(request: AccountRequest, key: int) -> HttpResponse:
    return bank_account.reveal(request, get_object_or_404(Clinic, pk=key), reverse("staff:clinic", args=[key]))


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(STAFF_CONSOLE)
@purpose("agency_service")
def agencies(request: AccountRequest) -> HttpResponse:
    return search_page(request, "staff/agencies.html", selectors.search_agencies, selectors.agencies)


@require_safe
@only_for(STAFF_CONSOLE)
@purpose("agency_service")
def agency(request: AccountRequest, key: int) -> HttpResponse:
    found = get_object_or_404(Agency, pk=key)
    context = {"agency": found, "bank_account": bank_account_of(found), "reveal_form": RevealForm()}
    return render(request, "staff/agency.html", context)


@require_POST
@only_for(STAFF_CONSOLE)
def reveal_agency_bank_account(request: AccountRequest, key: int) -> HttpResponse:
    return bank_account.reveal(request, get_object_or_404(Agency, pk=key), reverse("staff:agency", args=[key]))
