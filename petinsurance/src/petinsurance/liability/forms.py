"""A note of a call, letter or visit."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NegotiationEntryForm(forms.Form):
    body = forms.CharField(label=_("交渉内容"), max_length=2000, widget=forms.Textarea({"rows": 4}))
