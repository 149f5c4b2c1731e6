from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "petinsurance.banking"
    verbose_name = "口座"
