"""A bank account in full: only by POST, only with a purpose, which the ledger keeps."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from disclosure_ledger.django import purpose
from petinsurance.accounts.portals import AccountRequest
from petinsurance.banking.forms import RevealForm
from petinsurance.banking.models import BankAccount
from petinsurance.banking.selectors import Payee, bank_account_of


def reveal(request: AccountRequest, payee: Payee, back: str) -> HttpResponse:
    """``back``: the path of the page that asked."""
    form = RevealForm(request.POST)
    account = bank_account_of(payee)
    if account is None:
        return get_object_or_404(BankAccount.objects.none())
    if not form.is_valid():
        return render(request, "staff/reveal_refused.html", {"form": form, "back": back}, status=400)
    purpose(request, form.cleaned_data["purpose"])
    context = {"payee": payee, "bank_account": account, "purpose": form.purpose_label(), "back": back}
    return render(request, "staff/bank_account.html", context)
