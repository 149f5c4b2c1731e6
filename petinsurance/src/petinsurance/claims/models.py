"""Claims for a pet's treatment and what was paid on them (保険金給付情報)."""

from django.db import models


class ClaimStatus(models.TextChoices):
    RECEIVED = "received", "受付"
    UNDER_REVIEW = "under_review", "査定中"
    PAID = "paid", "支払済"
    DENIED = "denied", "お支払対象外"


class Claim(models.Model):
    claim_number = models.CharField("受付番号", max_length=16, unique=True)
    policy = models.ForeignKey("policies.Policy", models.PROTECT, related_name="claims")
    clinic = models.ForeignKey("partners.Clinic", models.PROTECT, null=True, blank=True)
    diagnosis = models.CharField("傷病名", max_length=80)
    treated_on = models.DateField("診療日")
    received_on = models.DateField("受付日")
    amount_billed = models.PositiveIntegerField("診療費（円）")
    amount_paid = models.PositiveIntegerField("支払保険金（円）", null=True, blank=True)
    paid_on = models.DateField("支払日", null=True, blank=True)
    status = models.CharField(max_length=16, choices=ClaimStatus)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "claim"
