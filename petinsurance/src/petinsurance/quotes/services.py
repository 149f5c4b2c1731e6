"""Storing quotes and brochure requests."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone
from django.utils.crypto import get_random_string

from petinsurance.quotes.models import BrochureRequest, Quote
from petinsurance.quotes.rating import premium


@dataclass(frozen=True)
class Contact:
    name: str
    kana: str
    gender: str
    birth_date: date
    postal_code: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True)
class QuotedPet:
    species: str
    rating_class: str
    pet_age_years: int
    plan: int
    pets: int
    """How many pets the household insures; not kept, but the premium depends on it."""


def make_quote(contact: Contact, pet: QuotedPet) -> Quote:
    return Quote.objects.create(
        **asdict(contact),
        reference="Q" + get_random_string(12, "0123456789"),
        species=pet.species,
        rating_class=pet.rating_class,
        pet_age_years=pet.pet_age_years,
        plan=pet.plan,
        monthly_premium=premium(pet.pet_age_years, pet.rating_class, pet.plan, pet.pets).monthly,
        created_at=timezone.now(),
    )


def request_brochure(contact: Contact) -> BrochureRequest:
    return BrochureRequest.objects.create(**asdict(contact), created_at=timezone.now())
