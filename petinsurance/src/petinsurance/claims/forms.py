"""Claiming for a treatment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petinsurance.claims.services import ClaimApplication
from petinsurance.policies.models import Policy


class ClaimForm(forms.Form):
    policy = forms.ModelChoiceField(Policy.objects.none(), label=_("対象のペット"), empty_label=None)
    diagnosis = forms.CharField(label=_("傷病名"), max_length=80)
    treated_on = forms.DateField(label=_("診療日"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    amount_billed = forms.IntegerField(label=_("診療費（円）"), min_value=1, max_value=10_000_000)

    def __init__(self, *arguments: Any, policies: QuerySet[Policy], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        field = self.fields["policy"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (narrows the type)
        field.queryset = policies
        field.label_from_instance = lambda policy: policy.pet.name  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        """The treatment lies within the policy's period and not in the future."""
        cleaned = self.cleaned_data
        policy, treated_on = cleaned.get("policy"), cleaned.get("treated_on")
        if policy and treated_on:
            if treated_on > timezone.localdate():
                self.add_error("treated_on", ValidationError(_("診療日は今日までの日付を入力してください。")))
            elif not policy.starts_on <= treated_on <= policy.ends_on:
                self.add_error("treated_on", ValidationError(_("診療日が保険期間に含まれていません。")))
        return cleaned

    def application(self) -> ClaimApplication:
        return ClaimApplication(**self.cleaned_data)
