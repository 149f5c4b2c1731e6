from django.apps import AppConfig


class LockoutConfig(AppConfig):
    name = "petinsurance.lockout"
    verbose_name = "ログイン試行"
