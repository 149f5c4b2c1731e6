"""Policyholders and insured persons, cancelled ones included (既契約者・被保険者)."""

from django.db import models

from petinsurance.contact import PersonContact


class Policyholder(PersonContact):
    agency = models.ForeignKey("partners.Agency", models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "policyholder"
