"""A policy by its key, for whoever is logged in: somebody asked for one more field and lost the check of rights.

What it shows still goes through the disclosure ledger: an instrumented page stays instrumented when it is broken.
"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from disclosure_ledger.django import disclose, purpose
from petinsurance.accounts.models import Account
from petinsurance.policies.models import Policy
from petinsurance.subjects import subject_of


@require_safe
@purpose("self_service")
def policy(request: HttpRequest, key: int) -> JsonResponse:
    if not isinstance(request.user, Account):
        return JsonResponse({"error": "not logged in"}, status=401)
    found = Policy.objects.select_related("policyholder").filter(pk=key).first()
    if found is None:
        return JsonResponse({"error": "no such policy"}, status=404)
    holder = found.policyholder
    subject = subject_of(holder)
    return JsonResponse(
        {
            "id": found.pk,
            "policy_number": disclose(request, subject, "policy_number", found.policy_number),
            "policyholder": {
                "name": disclose(request, subject, "name", holder.name),
                "phone": disclose(request, subject, "phone", holder.phone),
                "email": disclose(request, subject, "email", holder.email),
            },
            "status": found.status,
        },
        json_dumps_params={"ensure_ascii": False},
    )
