"""Insurance agencies, veterinary institutions and medical-investigation partners."""

from django.db import models


class Agency(models.Model):
    """保険代理店. Corporations and sole traders."""

    code = models.CharField("代理店コード", max_length=10, unique=True)
    name = models.CharField("名称", max_length=120)
    postal_code = models.CharField("郵便番号", max_length=7)
    address = models.CharField("住所", max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "agency"


class ClinicKind(models.TextChoices):
    VETERINARY_INSTITUTION = "veterinary_institution", "動物医療機関"
    INVESTIGATION_PARTNER = "investigation_partner", "医療調査業務協力先"


class Clinic(models.Model):
    """動物医療機関・医療調査業務協力先."""

    kind = models.CharField("区分", max_length=24, choices=ClinicKind)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("名称カナ", max_length=160)
    postal_code = models.CharField("郵便番号", max_length=7)
    address = models.CharField("住所", max_length=200)
    phone = models.CharField("電話番号", max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "clinic"
