"""Form fields for contact data, spelled the way they are stored."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petinsurance import spelling
from petinsurance.contact import Gender

DATE = {"type": "date"}


class ReachableForm(forms.Form):
    """Address, phone and mail."""

    postal_code = forms.CharField(
        label=_("郵便番号"),
        max_length=9,
        widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    address = forms.CharField(
        label=_("住所"), max_length=200, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    phone = forms.CharField(
        label=_("電話番号"), max_length=20, widget=forms.TextInput({"autocomplete": "tel", "type": "tel"})
    )
    email = forms.CharField(
        label=_("メールアドレス"),
        max_length=254,
        validators=[EmailValidator()],
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_postal_code(self) -> str:
        return spelling.postal_code(self.cleaned_data["postal_code"])

    def clean_phone(self) -> str:
        return spelling.phone(self.cleaned_data["phone"])


class ContactForm(ReachableForm):
    """A person who turns to us for the first time."""

    name = forms.CharField(label=_("氏名"), max_length=80, widget=forms.TextInput({"autocomplete": "name"}))
    kana = forms.CharField(label=_("氏名カナ"), max_length=120)
    gender = forms.ChoiceField(label=_("性別"), choices=[(choice.value, _(choice.label)) for choice in Gender])
    birth_date = forms.DateField(label=_("生年月日"), widget=forms.DateInput(DATE, "%Y-%m-%d"))
    consent = forms.BooleanField(label=_("個人情報の取り扱いに同意します"))

    field_order = ["name", "kana", "gender", "birth_date", "postal_code", "address", "phone", "email"]

    def clean_kana(self) -> str:
        return spelling.kana_required(self.cleaned_data["kana"])

    def clean_birth_date(self) -> Any:
        birth_date = self.cleaned_data["birth_date"]
        if not 1900 <= birth_date.year <= timezone.localdate().year:
            raise forms.ValidationError(_("生年月日を確認してください。"))
        return birth_date
