from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "petinsurance.policies"
    verbose_name = "契約"
