"""The migrations say what the models say, in one initial migration an application."""

from pathlib import Path

import pytest
from django.core.management import call_command

import petinsurance


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_one_initial_migration_an_application() -> None:
    package = Path(petinsurance.__file__).parent
    for folder in package.glob("*/migrations"):
        assert [file.name for file in sorted(folder.glob("0*.py"))] == ["0001_initial.py"], folder
