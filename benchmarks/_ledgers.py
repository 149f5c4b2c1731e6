"""Big disclosure ledgers as a running petinsurance writes them: through the real package's own sealing.

The mix of pages is that of a drill of petinsurance (1,048 events): four in five events show one person, a staff page
with a list shows twenty. Times, numbers and hashes are as the ledger makes them; only its clock and its files are ours,
for a real one makes every event durable and takes the time that it says.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from disclosure_ledger import Actor, Disclosure, Event
from disclosure_ledger.chain import digest_under, sealed
from disclosure_ledger.event import merged, timestamp

START = datetime(2025, 3, 13, 15, 0, 1, 563211, tzinfo=UTC)
CONTACT = ("address", "birth_date", "email", "gender", "name", "phone")
LIST = ("name", "phone", "policy_number")

PAGES = (
    # weight, actor, route, purpose, persons, items, masked
    (176, "policyholder", "/mypage/", "self_service", 1, ("name", "policy_number"), ()),
    (126, "policyholder", "/mypage/profile/", "self_service", 1, CONTACT, ("bank_account",)),
    (88, "policyholder", "/mypage/policies/{key}/", "self_service", 1, ("name", "policy_number"), ()),
    (64, "policyholder", "/mypage/claims/", "self_service", 1, ("claim_payments", "policy_number"), ()),
    (94, "public", "/quote/result/", "quotation", 1, CONTACT, ()),
    (
        121,
        "staff",
        "/staff/policyholders/{key}/",
        "customer_service",
        1,
        (*CONTACT, "policy_number"),
        ("bank_account",),
    ),
    (150, "staff", "/staff/quotes/{key}/", "customer_service", 1, CONTACT, ()),
    (117, "staff", "/staff/policyholders/", "customer_service", 20, LIST, ()),
    (45, "agency", "/agency/policies/{key}/", "agency_service", 2, ("name", "policy_number"), ()),
    (32, "staff", "/staff/injured-third-parties/{key}/", "liability_handling", 13, LIST, ()),
)


def ledger_lines(events: int, *, key: bytes | None = None, seed: int = 1) -> Iterator[bytes]:
    """The header and so many events of one segment, line ends included."""
    draw = random.Random(seed)  # noqa: S311 - to be drawn again
    digest, time = digest_under(key), START
    segment = f"{START:%Y%m%dT%H%M%S.%fZ}-12685"
    header = {
        "kind": "header",
        "ledger": "disclosure",
        "segment": segment,
        "seq": 0,
        "started": timestamp(time),
        "system": "petinsurance",
        "v": 1,
    } | ({"mac": "hmac-sha256"} if key else {})
    line, before = sealed(header, digest)
    yield line
    for seq in range(1, events + 1):
        time += timedelta(microseconds=draw.randrange(1_000, 4_000_000))
        line, before = sealed(_event(draw, segment, seq, time, before).to_record(), digest)
        yield line


def _event(draw: random.Random, segment: str, seq: int, time: datetime, before: str) -> Event:
    _, kind, route, purpose, persons, items, masked = draw.choices(PAGES, [page[0] for page in PAGES])[0]
    first = draw.randrange(1, 50_000)
    is_public = kind == "public"
    own = f"policyholder:{first}" if kind == "policyholder" else None
    actor = Actor(kind, None if is_public else f"account:{first % 9_000}", None if is_public else kind, own)
    shown = [Disclosure(f"policyholder:{first + number}", items, masked) for number in range(persons)]
    return Event(
        segment=segment,
        seq=seq,
        time=time,
        request=f"{draw.getrandbits(128):032x}",
        actor=actor,
        session=None if is_public else f"{draw.getrandbits(64):016x}",
        address=f"127.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
        method="GET",
        route=route,
        status=200,
        purpose=purpose,
        disclosures=merged(shown),
        prev=before,
        hash="",
    )


def write_ledger(path: Path, events: int) -> None:
    """A segment of so many events."""
    with path.open("wb") as file:
        file.writelines(ledger_lines(events))
