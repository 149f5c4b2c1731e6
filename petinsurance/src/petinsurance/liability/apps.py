from django.apps import AppConfig


class LiabilityConfig(AppConfig):
    name = "petinsurance.liability"
    verbose_name = "賠償責任"
