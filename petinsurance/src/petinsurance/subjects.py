"""How the disclosure ledger names a person: `<table>:<key>` of a data-subject record."""

from petinsurance.liability.models import InjuredThirdParty
from petinsurance.partners.models import Agency, Clinic
from petinsurance.policyholders.models import Policyholder
from petinsurance.quotes.models import BrochureRequest, Quote

DataSubject = Policyholder | Quote | BrochureRequest | InjuredThirdParty | Clinic | Agency


def subject_of(record: DataSubject) -> str:
    """For example `policyholder:12`."""
    return f"{record._meta.db_table}:{record.pk}"
