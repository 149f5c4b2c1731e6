"""Every category that a draft can name is one of Fideslang's default taxonomy."""

from __future__ import annotations

import csv

from kakuho.inventory.classify.topics import TOPICS
from kakuho.inventory.classify.vocabulary import NAME_RULES
from kakuho.inventory.item_labels import ITEMS

from ...shared_samples import shared_samples


def test_the_categories_are_fideslangs() -> None:
    path = shared_samples("fideslang") / "data_files" / "data_categories.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        known = {row["fides_key"] for row in csv.DictReader(file)}
    used = {rule.category for rule in NAME_RULES} | {topic.category for topic in TOPICS}
    used |= {category for category, _, _ in ITEMS.values()}
    assert used - known == set()


def test_every_item_of_the_vocabulary_has_a_label() -> None:
    used = {rule.item for rule in NAME_RULES} | {topic.item for topic in TOPICS}
    assert used - {None} - set(ITEMS) == set()
