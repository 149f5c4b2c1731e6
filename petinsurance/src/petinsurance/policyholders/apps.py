from django.apps import AppConfig


class PolicyholdersConfig(AppConfig):
    name = "petinsurance.policyholders"
    verbose_name = "契約者"
