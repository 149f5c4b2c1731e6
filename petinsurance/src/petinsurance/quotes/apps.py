from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "petinsurance.quotes"
    verbose_name = "見積もり"
