"""The login form of every portal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from petinsurance.accounts.portals import Portal


class LoginForm(forms.Form):
    login = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("パスワード"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *arguments: object, portal: Portal, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        self.fields["login"].label = portal.login_label
