"""The agency portal: the policies that the agency itself sold (another's key answers 404)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from disclosure_ledger.django import purpose
from petinsurance.accounts.portals import AGENCY_PORTAL, AccountRequest, only_for
from petinsurance.accounts.views import login_view, logout_view
from petinsurance.policies import selectors as policies

app_name = "agency"
PAGE_SIZE = 20


@require_safe
@only_for(AGENCY_PORTAL)
@purpose("agency_service")
def home(request: AccountRequest) -> HttpResponse:
    agency = request.user.agency
    context = {"agency": agency, "policies": policies.of_agency(agency).count()}
    return render(request, "agency/home.html", context)


@require_safe
@only_for(AGENCY_PORTAL)
@purpose("agency_service")
def policy_list(request: AccountRequest) -> HttpResponse:
    page = Paginator(policies.of_agency(request.user.agency), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "agency/policies.html", {"page": page})


@require_safe
@only_for(AGENCY_PORTAL)
@purpose("agency_service")
def policy(request: AccountRequest, key: int) -> HttpResponse:
    own = get_object_or_404(policies.of_agency(request.user.agency), pk=key)
    return render(request, "agency/policy.html", {"policy": own})


urlpatterns = [
    path("login/", login_view(AGENCY_PORTAL), name="login"),
    path("logout/", logout_view(AGENCY_PORTAL), name="logout"),
    path("", home, name="home"),
    path("policies/", policy_list, name="policies"),
    path("policies/<int:key>/", policy, name="policy"),
]
