"""People who asked for a quote or a brochure (見積もり・資料請求)."""

from django.db import models

from petinsurance.contact import PersonContact


class Quote(PersonContact):
    reference = models.CharField("見積番号", max_length=20, unique=True)
    species = models.CharField(max_length=8)
    rating_class = models.CharField(max_length=2)
    pet_age_years = models.PositiveSmallIntegerField()
    plan = models.PositiveSmallIntegerField()
    monthly_premium = models.PositiveIntegerField("月払保険料（円）")
    status = models.CharField(max_length=12, default="quoted")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "quote"


class BrochureRequest(PersonContact):
    created_at = models.DateTimeField()

    class Meta:
        db_table = "brochure_request"
