"""Why a bank account is looked at in full: asked for before it is shown, and kept in the disclosure ledger."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class RevealPurpose(models.TextChoices):
    PAYMENT_CHECK = "payment_check", _("支払内容の確認")
    RETURNED_PAYMENT = "returned_payment", _("組戻し（振込不能）の対応")
    CUSTOMER_REQUEST = "customer_request", _("本人・取引先からの申出")


class RevealForm(forms.Form):
    purpose = forms.ChoiceField(label=_("閲覧目的"), choices=[("", _("選択してください")), *RevealPurpose.choices])

    def purpose_label(self) -> str:
        return str(RevealPurpose(self.cleaned_data["purpose"]).label)
