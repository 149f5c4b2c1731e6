"""Asking for a quote or a brochure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from petinsurance.contact_forms import ContactForm
from petinsurance.quotes.rating import ENTRY_AGE_LIMIT
from petinsurance.quotes.services import Contact, QuotedPet

CONTACT_FIELDS = ("name", "kana", "gender", "birth_date", "postal_code", "address", "phone", "email")
CLASSES = [
    ("D1", _("犬 D1（小型・丈夫な犬種）")),
    ("D2", _("犬 D2（小型・中型）")),
    ("D3", _("犬 D3（中型・大型）")),
    ("D4", _("犬 D4（短頭種など）")),
    ("C", _("猫")),
]


class BrochureForm(ContactForm):
    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in CONTACT_FIELDS})


class QuoteForm(BrochureForm):
    rating_class = forms.ChoiceField(label=_("ペットの種類"), choices=CLASSES)
    pet_age_years = forms.TypedChoiceField(
        label=_("ペットの年齢（歳）"), coerce=int, choices=[(age, age) for age in range(ENTRY_AGE_LIMIT + 1)]
    )
    plan = forms.TypedChoiceField(
        label=_("プラン"), coerce=int, choices=[(50, "50%"), (70, "70%"), (100, "100%")], initial=70
    )
    pets = forms.TypedChoiceField(
        label=_("ご加入のペットの数"), coerce=int, choices=[(1, _("1頭")), (2, _("2～3頭")), (4, _("4頭以上"))]
    )

    field_order = ["rating_class", "pet_age_years", "plan", "pets", *CONTACT_FIELDS, "consent"]

    def pet(self) -> QuotedPet:
        chosen: dict[str, Any] = self.cleaned_data
        return QuotedPet(
            species="cat" if chosen["rating_class"] == "C" else "dog",
            rating_class=chosen["rating_class"],
            pet_age_years=chosen["pet_age_years"],
            plan=chosen["plan"],
            pets=chosen["pets"],
        )
