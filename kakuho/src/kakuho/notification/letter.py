"""What one letter needs: the person's items and the recipient."""

from __future__ import annotations

from pathlib import Path

from kakuho.errors import UsageError
from kakuho.inventory import Inventory
from kakuho.language import Bilingual
from kakuho.notification.person import person_items
from kakuho.notification.recipient import find_recipient
from kakuho.reporting.addressed import Letter, PersonItems


def read_letter(assessment_dir: Path, snapshot: Path, inventory: Inventory, reference: str) -> Letter:
    """The letter of the person that ``reference`` belongs to; refused where none of the person's items is affected."""
    person = person_items(assessment_dir, reference)
    if not person.affected:
        raise UsageError(
            Bilingual(
                ja="この方の項目は、すべて対象外と判定されています。通知書は作りません。",
                en="every item of this person is ruled out: there is no letter to write",
            ),
            where=str(assessment_dir / "verdicts.parquet"),
            remedy=Bilingual(
                ja="判定の理由は kakuho explain で確かめられます。",
                en="kakuho explain tells the reasons for the verdicts",
            ),
        )
    order = [item.id for item in inventory.items]
    ordered = tuple(sorted(person.items, key=lambda item: order.index(item.item)))
    listed = tuple(category.id for category in inventory.categories if category.id in person.categories)
    person = PersonItems(person.person_id, person.kind, person.subjects, listed, ordered)
    return Letter(person, find_recipient(snapshot, inventory, person.subjects))
