from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "petinsurance.pages"
    verbose_name = "画面"
