"""Pets and the policies on them."""

from django.db import models


class Pet(models.Model):
    policyholder = models.ForeignKey("policyholders.Policyholder", models.PROTECT, related_name="pets")
    name = models.CharField("ペット名", max_length=40)
    species = models.CharField(max_length=8)
    breed = models.CharField("品種", max_length=60)
    rating_class = models.CharField(max_length=2)
    sex = models.CharField(max_length=8)
    born_on = models.DateField()
    microchip_number = models.CharField(max_length=15, blank=True)

    class Meta:
        db_table = "pet"


class PolicyStatus(models.TextChoices):
    IN_FORCE = "in_force", "有効"
    CANCELLED = "cancelled", "解約"
    EXPIRED = "expired", "満期終了"
    LAPSED = "lapsed", "失効"


class Policy(models.Model):
    policy_number = models.CharField("証券番号", max_length=16, unique=True)
    policyholder = models.ForeignKey("policyholders.Policyholder", models.PROTECT, related_name="policies")
    pet = models.ForeignKey(Pet, models.PROTECT)
    agency = models.ForeignKey("partners.Agency", models.PROTECT, null=True, blank=True)
    plan = models.PositiveSmallIntegerField()
    liability_rider = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=PolicyStatus)
    starts_on = models.DateField()
    ends_on = models.DateField()
    monthly_premium = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "policy"
