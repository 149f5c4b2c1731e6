"""Makes ``{% load disclosure %}`` known to Django."""

from django.apps import AppConfig


class DisclosureLedgerConfig(AppConfig):
    name = "disclosure_ledger.django"
    label = "disclosure_ledger"
    verbose_name = "開示台帳"
