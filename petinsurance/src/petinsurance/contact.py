"""Columns that every contactable party shares.

A kana reading belongs to the name and the postcode to the address: in the inventory both columns carry one item.
"""

from django.db import models


class Gender(models.TextChoices):
    FEMALE = "female", "女性"
    MALE = "male", "男性"
    UNSPECIFIED = "unspecified", "無回答"


class PersonContact(models.Model):
    """A natural person's contact columns; abstract."""

    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("氏名カナ", max_length=120)
    gender = models.CharField("性別", max_length=12, choices=Gender, blank=True)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7)
    address = models.CharField("住所", max_length=200)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    email = models.CharField("メールアドレス", max_length=254, blank=True)

    class Meta:
        abstract = True
