from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "petinsurance.claims"
    verbose_name = "保険金請求"
