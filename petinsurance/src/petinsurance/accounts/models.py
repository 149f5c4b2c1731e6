"""Who can log in: policyholders (My Page), staff and agencies. A policyholder's login is the mail address."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    POLICYHOLDER = "policyholder", "契約者"
    CALL_CENTRE = "call_centre", "コールセンター"
    ADJUSTER = "adjuster", "損害調査"
    LIABILITY_HANDLER = "liability_handler", "賠償担当"
    AGENCY = "agency", "代理店"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login=username)


class Account(AbstractBaseUser):
    login = models.CharField("ログインID", max_length=254, unique=True)
    role = models.CharField(max_length=20, choices=Role)
    policyholder = models.OneToOneField("policyholders.Policyholder", models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey("partners.Agency", models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AccountManager()
    USERNAME_FIELD = "login"

    class Meta:
        db_table = "account"
