"""The JSON API, version 1, for the session of a policyholder who is logged in at My Page."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from disclosure_ledger.django import disclose, purpose
from petinsurance.accounts.models import Account, Role
from petinsurance.policies import selectors as policies
from petinsurance.subjects import subject_of

app_name = "api"


@require_safe
@purpose("self_service")
def policy(request: HttpRequest, key: int) -> JsonResponse:
    account = request.user
    if not isinstance(account, Account) or account.role != Role.POLICYHOLDER:
        return JsonResponse({"error": "not logged in"}, status=401)
    own = policies.of_policyholder(account.policyholder).filter(pk=key).first()
    if own is None:
        return JsonResponse({"error": "no such policy"}, status=404)
    subject = subject_of(own.policyholder)
    return JsonResponse(
        {
            "id": own.pk,
            "policy_number": disclose(request, subject, "policy_number", own.policy_number),
            "policyholder": {"name": disclose(request, subject, "name", own.policyholder.name)},
            "pet": {"name": own.pet.name, "species": own.pet.species},
            "plan": own.plan,
            "liability_rider": own.liability_rider,
            "status": own.status,
            "starts_on": own.starts_on.isoformat(),
            "ends_on": own.ends_on.isoformat(),
            "monthly_premium": own.monthly_premium,
        },
        json_dumps_params={"ensure_ascii": False},
    )


urlpatterns = [path("policies/<int:key>/", policy, name="policy")]
