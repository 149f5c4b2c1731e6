"""Changing a policyholder's own contact data."""

from dataclasses import dataclass

from django.utils import timezone

from petinsurance.policyholders.models import Policyholder


@dataclass(frozen=True)
class ContactChange:
    postal_code: str
    address: str
    phone: str
    email: str


def change_contact(policyholder: Policyholder, change: ContactChange) -> None:
    """The login name stays what it was: a new mail address is not yet a proven one."""
    policyholder.postal_code = change.postal_code
    policyholder.address = change.address
    policyholder.phone = change.phone
    policyholder.email = change.email
    policyholder.updated_at = timezone.now()
    policyholder.save(update_fields=["postal_code", "address", "phone", "email", "updated_at"])
