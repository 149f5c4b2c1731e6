"""Reading the bank account of a party."""

from petinsurance.banking.models import BankAccount
from petinsurance.liability.models import InjuredThirdParty
from petinsurance.partners.models import Agency, Clinic
from petinsurance.policyholders.models import Policyholder

Payee = Policyholder | InjuredThirdParty | Clinic | Agency


def bank_account_of(payee: Payee) -> BankAccount | None:
    return BankAccount.objects.filter(**{payee._meta.db_table: payee}).first()
