"""Bank accounts that money is paid to (金融機関口座情報): each belongs to exactly one party."""

from django.db import models
from django.db.models import Q


class BankAccount(models.Model):
    policyholder = models.OneToOneField("policyholders.Policyholder", models.PROTECT, null=True, blank=True)
    injured_third_party = models.OneToOneField("liability.InjuredThirdParty", models.PROTECT, null=True, blank=True)
    clinic = models.OneToOneField("partners.Clinic", models.PROTECT, null=True, blank=True)
    agency = models.OneToOneField("partners.Agency", models.PROTECT, null=True, blank=True)
    bank_code = models.CharField("金融機関コード", max_length=4)
    bank_name = models.CharField("金融機関名", max_length=60)
    branch_code = models.CharField("支店コード", max_length=3)
    branch_name = models.CharField("支店名", max_length=60)
    account_type = models.CharField("預金種目", max_length=8)
    account_number = models.CharField("口座番号", max_length=7)
    holder_kana = models.CharField("口座名義カナ", max_length=60)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "bank_account"
        constraints = [
            models.CheckConstraint(
                name="bank_account_one_owner",
                condition=Q(
                    policyholder__isnull=False,
                    injured_third_party__isnull=True,
                    clinic__isnull=True,
                    agency__isnull=True,
                )
                | Q(
                    policyholder__isnull=True,
                    injured_third_party__isnull=False,
                    clinic__isnull=True,
                    agency__isnull=True,
                )
                | Q(
                    policyholder__isnull=True,
                    injured_third_party__isnull=True,
                    clinic__isnull=False,
                    agency__isnull=True,
                )
                | Q(
                    policyholder__isnull=True,
                    injured_third_party__isnull=True,
                    clinic__isnull=True,
                    agency__isnull=False,
                ),
            )
        ]
