"""My Page: a policyholder's own policies, claims and contact data, and nobody else's (another's key answers 404)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from disclosure_ledger.django import disclose, purpose
from petinsurance.accounts.portals import MY_PAGE, AccountRequest, only_for
from petinsurance.accounts.views import login_view, logout_view
from petinsurance.banking.selectors import bank_account_of
from petinsurance.claims import selectors as claims
from petinsurance.claims.forms import ClaimForm
from petinsurance.claims.services import receive
from petinsurance.contact_forms import ReachableForm
from petinsurance.policies import selectors as policies
from petinsurance.policyholders.services import ContactChange, change_contact
from petinsurance.subjects import subject_of

app_name = "mypage"


@require_safe
@only_for(MY_PAGE)
@purpose("self_service")
def home(request: AccountRequest) -> HttpResponse:
    policyholder = request.user.policyholder
    own = policies.of_policyholder(policyholder)
    return render(request, "mypage/home.html", {"policyholder": policyholder, "policies": own})


@require_safe
@only_for(MY_PAGE)
@purpose("self_service")
def policy(request: AccountRequest, key: int) -> HttpResponse:
    own = get_object_or_404(policies.of_policyholder(request.user.policyholder), pk=key)
    return render(request, "mypage/policy.html", {"policy": own})


@require_safe
@only_for(MY_PAGE)
@purpose("self_service")
def claim_list(request: AccountRequest) -> HttpResponse:
    own = claims.of_policyholder(request.user.policyholder)
    return render(request, "mypage/claims.html", {"policyholder": request.user.policyholder, "claims": own})


@require_safe
@only_for(MY_PAGE)
@purpose("self_service")
def claim(request: AccountRequest, key: int) -> HttpResponse:
    own = get_object_or_404(claims.of_policyholder(request.user.policyholder), pk=key)
    return render(request, "mypage/claim.html", {"policyholder": request.user.policyholder, "claim": own})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(MY_PAGE)
@purpose("self_service")
def new_claim(request: AccountRequest) -> HttpResponse:
    form = ClaimForm(request.POST or None, policies=policies.claimable(request.user.policyholder))
    if request.method == "POST" and form.is_valid():
        return redirect("mypage:claim", key=receive(form.application()).pk)
    return render(request, "mypage/new_claim.html", {"form": form})


@require_safe
@only_for(MY_PAGE)
@purpose("self_service")
def profile(request: AccountRequest) -> HttpResponse:
    policyholder = request.user.policyholder
    context = {"policyholder": policyholder, "bank_account": bank_account_of(policyholder)}
    return render(request, "mypage/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(MY_PAGE)
@purpose("self_service")
def edit_profile(request: AccountRequest) -> HttpResponse:
    policyholder = request.user.policyholder
    if request.method == "POST":
        form = ReachableForm(request.POST)
        if form.is_valid():
            change_contact(policyholder, ContactChange(**form.cleaned_data))
            return redirect("mypage:profile")
    else:
        items = {"postal_code": "address", "address": "address", "phone": "phone", "email": "email"}
        form = ReachableForm(
            initial={
                field: disclose(request, subject_of(policyholder), item, value)
                for field, item in items.items()
                if (value := getattr(policyholder, field))
            }
        )
    return render(request, "mypage/edit_profile.html", {"form": form})


urlpatterns = [
    path("login/", login_view(MY_PAGE), name="login"),
    path("logout/", logout_view(MY_PAGE), name="logout"),
    path("", home, name="home"),
    path("policies/<int:key>/", policy, name="policy"),
    path("claims/", claim_list, name="claims"),
    path("claims/new/", new_claim, name="new_claim"),
    path("claims/<int:key>/", claim, name="claim"),
    path("profile/", profile, name="profile"),
    path("profile/edit/", edit_profile, name="edit_profile"),
]
