from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "petinsurance.partners"
    verbose_name = "提携先"
