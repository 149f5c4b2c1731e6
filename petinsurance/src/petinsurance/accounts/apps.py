from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "petinsurance.accounts"
    verbose_name = "アカウント"
