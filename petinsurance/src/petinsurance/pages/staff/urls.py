"""Where each page of the staff console stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from petinsurance.accounts.portals import STAFF_CONSOLE, AccountRequest, only_for
from petinsurance.accounts.views import login_view, logout_view
from petinsurance.pages.staff import liability, partners, policyholders, prospects

app_name = "staff"


@require_safe
@only_for(STAFF_CONSOLE)
def home(request: AccountRequest) -> HttpResponse:
    return render(request, "staff/home.html")


urlpatterns = [
    path("login/", login_view(STAFF_CONSOLE), name="login"),
    path("logout/", logout_view(STAFF_CONSOLE), name="logout"),
    path("", home, name="home"),
    path("policyholders/", policyholders.search, name="policyholders"),
    path("policyholders/<int:key>/", policyholders.detail, name="policyholder"),
    path("policyholders/<int:key>/bank-account/", policyholders.reveal_bank_account, name="policyholder_bank_account"),
    path("prospects/", prospects.search, name="prospects"),
    path("quotes/<int:key>/", prospects.quote, name="quote"),
    path("brochure-requests/<int:key>/", prospects.brochure_request, name="brochure_request"),
    path("liability/", liability.search, name="liability"),
    path("injured-third-parties/<int:key>/", liability.detail, name="injured_third_party"),
    path("injured-third-parties/<int:key>/negotiation/", liability.add_negotiation_entry, name="add_negotiation_entry"),
    path(
        "injured-third-parties/<int:key>/bank-account/",
        liability.reveal_bank_account,
        name="injured_third_party_bank_account",
    ),
    path("clinics/", partners.clinics, name="clinics"),
    path("clinics/<int:key>/", partners.clinic, name="clinic"),
    path("clinics/<int:key>/bank-account/", partners.reveal_clinic_bank_account, name="clinic_bank_account"),
    path("agencies/", partners.agencies, name="agencies"),
    path("agencies/<int:key>/", partners.agency, name="agency"),
    path("agencies/<int:key>/bank-account/", partners.reveal_agency_bank_account, name="agency_bank_account"),
]
