"""Every test runs on the embedded PostgreSQL server, as the application's own role, under the settings of production.

Each test's rows are rolled back. Names and values here are invented.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client

from petinsurance import database
from petinsurance.database_url import database_settings

PROGRAM = Path(sys.executable).parent / "petinsurance"
NOW = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def embedded() -> Iterator[database.RunningDatabase]:
    """A migrated database, and the server that holds it.

    Not below pytest's own folder: as root, the server runs as another user, whom every new pytest session locks out.
    """
    with tempfile.TemporaryDirectory(prefix="petinsurance-") as folder:
        running = database.start(Path(folder))
        try:
            subprocess.run([PROGRAM, "migrate"], env={"DATABASE_URL": running.owner_url}, check=True)
            yield running
        finally:
            connections.close_all()
            database.stop(Path(folder))


@pytest.fixture(scope="session")
def django_db_setup(embedded: database.RunningDatabase, django_db_blocker: object) -> None:
    """In place of pytest-django's own, which makes a test database: use the embedded one as `petinsurance_web`."""
    django_settings.DATABASES = {"default": database_settings(embedded.web_url)}
    django_settings.SECRET_KEY = "not a secret: this one only signs what a test makes, then is gone"
    connections._settings = None
    vars(connections).pop("settings", None)
    if hasattr(connections._connections, "default"):
        del connections["default"]


class Ledger:
    """What the disclosure ledger of this test holds."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._events: list[dict] = []
        self._read: Counter[Path] = Counter()

    def events(self) -> list[dict]:
        for segment in self.directory.glob("2*.jsonl"):
            with segment.open("rb") as file:
                file.seek(self._read[segment])
                fresh = file.read()
            self._read[segment] += len(fresh)
            self._events += [line for line in map(json.loads, fresh.splitlines()) if line["kind"] == "disclosure"]
        return list(self._events)

    def last(self) -> dict:
        return self.events()[-1]


@pytest.fixture
def ledger(settings, tmp_path: Path) -> Ledger:
    settings.DISCLOSURE_LEDGER = settings.DISCLOSURE_LEDGER | {"DIRECTORY": str(tmp_path / "ledger")}
    return Ledger(tmp_path / "ledger")


class Browser(Client):
    """A client that speaks HTTPS only."""

    def generic(self, *arguments, **named):
        return super().generic(*arguments, **named | {"secure": True})


@pytest.fixture
def browser(db, ledger: Ledger) -> Callable[..., Browser]:
    """`browser()` is a visitor, `browser(account)` one who is logged in."""

    def make(account=None) -> Client:
        client = Browser()
        if account is not None:
            client.force_login(account)
        return client

    return make


@pytest.fixture
def policyholder(db):
    """山田花子, with one policy in force, a paid claim and a bank account; sold by the agency."""
    return make_policyholder(
        "山田 花子", "ヤマダ ハナコ", "PT-0000001", agency=make_agency("A0001", "みどり保険事務所")
    )


@pytest.fixture
def stranger(db):
    """佐藤次郎, of another agency."""
    return make_policyholder(
        "佐藤 次郎", "サトウ ジロウ", "PT-0000002", agency=make_agency("A0002", "あおば保険事務所")
    )


@pytest.fixture
def injured(db, policyholder):
    """鈴木一郎, bitten by the policyholder's dog."""
    from petinsurance.liability.models import InjuredThirdParty, LiabilityCase, NegotiationEntry

    case = LiabilityCase.objects.create(
        case_number="L0000001",
        policy=policyholder.policies.get(),
        occurred_on=date(2026, 5, 20),
        status="negotiating",
        updated_at=NOW,
    )
    person = InjuredThirdParty.objects.create(
        case=case, **contact("鈴木 一郎", "スズキ イチロウ"), injury="右手の咬傷", amount_paid=50_000,
        paid_on=date(2026, 6, 1), updated_at=NOW,
    )  # fmt: skip
    NegotiationEntry.objects.create(injured_third_party=person, noted_at=NOW, body="診断書を受領した。")
    make_bank_account(injured_third_party=person)
    return person


@pytest.fixture
def clinic(db):
    from petinsurance.partners.models import Clinic

    found = Clinic.objects.create(
        kind="veterinary_institution", name="さくら動物病院", kana="サクラドウブツビョウイン", postal_code="1000001",
        address="東京都千代田区千代田1-2", phone="03-1234-5678", created_at=NOW,
    )  # fmt: skip
    make_bank_account(clinic=found)
    return found


@pytest.fixture
def account(db) -> Callable[..., object]:
    """`account("call_centre")`, `account("policyholder", policyholder=…)`: an account that can log in."""
    from petinsurance.accounts.models import Account

    def make(role: str, login: str = "", password: str = "", **party: object) -> Account:
        made = Account(login=login or f"{role}-login", role=role, created_at=NOW, **party)
        if password:
            made.set_password(password)
        made.save()
        return made

    return make


def contact(name: str, kana: str) -> dict:
    return {
        "name": name, "kana": kana, "gender": "female", "birth_date": date(1980, 1, 2), "postal_code": "1500002",
        "address": "東京都渋谷区渋谷2-21-1", "phone": "090-1234-5678", "email": "someone@example.jp",
    }  # fmt: skip


def make_agency(code: str, name: str):
    from petinsurance.partners.models import Agency

    agency = Agency.objects.create(
        code=code, name=name, postal_code="1000001", address="東京都千代田区千代田1-1", created_at=NOW
    )
    make_bank_account(agency=agency)
    return agency


def make_policyholder(name: str, kana: str, policy_number: str, agency):
    from petinsurance.claims.models import Claim
    from petinsurance.policies.models import Pet, Policy
    from petinsurance.policyholders.models import Policyholder

    person = Policyholder.objects.create(**contact(name, kana), agency=agency, created_at=NOW, updated_at=NOW)
    pet = Pet.objects.create(
        policyholder=person, name="モモ", species="dog", breed="柴犬", rating_class="D2", sex="female",
        born_on=date(2020, 5, 5),
    )  # fmt: skip
    policy = Policy.objects.create(
        policy_number=policy_number, policyholder=person, pet=pet, agency=agency, plan=70, status="in_force",
        starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), monthly_premium=4210, updated_at=NOW,
    )  # fmt: skip
    Claim.objects.create(
        claim_number=policy_number.replace("PT", "C"), policy=policy, diagnosis="外耳炎", treated_on=date(2026, 5, 1),
        received_on=date(2026, 5, 7), amount_billed=12_000, amount_paid=8_400, paid_on=date(2026, 5, 20),
        status="paid", updated_at=NOW,
    )  # fmt: skip
    make_bank_account(policyholder=person)
    return person


def make_bank_account(**owner: object):
    from petinsurance.banking.models import BankAccount

    return BankAccount.objects.create(
        **owner, bank_code="0001", bank_name="みずほ銀行", branch_code="001", branch_name="東京営業部",
        account_type="普通", account_number="1234567", holder_kana="コウザ メイギ", updated_at=NOW,
    )  # fmt: skip
