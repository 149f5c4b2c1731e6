"""Liability cover: accidents, the people injured in them (賠償責任保険の被害者) and the negotiation with them.

The negotiation history is append-only; an entry belongs to an injured third party or to a policyholder's claim.
"""

from django.db import models
from django.db.models import Q

from petinsurance.contact import PersonContact


class LiabilityCase(models.Model):
    case_number = models.CharField("事案番号", max_length=16, unique=True)
    policy = models.ForeignKey("policies.Policy", models.PROTECT)
    occurred_on = models.DateField("事故日")
    status = models.CharField(max_length=20)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "liability_case"


class InjuredThirdParty(PersonContact):
    case = models.ForeignKey(LiabilityCase, models.PROTECT, related_name="injured_third_parties")
    injury = models.CharField("受傷内容", max_length=120)
    amount_paid = models.PositiveIntegerField("支払保険金（円）", null=True, blank=True)
    paid_on = models.DateField("支払日", null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "injured_third_party"


class NegotiationEntry(models.Model):
    """One note of a call, letter or visit (交渉履歴); never changed, never deleted."""

    injured_third_party = models.ForeignKey(
        InjuredThirdParty, models.PROTECT, null=True, blank=True, related_name="negotiation_entries"
    )
    claim = models.ForeignKey("claims.Claim", models.PROTECT, null=True, blank=True, related_name="negotiation_entries")
    author = models.ForeignKey("accounts.Account", models.PROTECT, null=True, blank=True)
    noted_at = models.DateTimeField("日時")
    body = models.TextField("内容")

    class Meta:
        db_table = "negotiation_entry"
        constraints = [
            models.CheckConstraint(
                name="negotiation_entry_one_subject",
                condition=Q(injured_third_party__isnull=True) ^ Q(claim__isnull=True),
            )
        ]
