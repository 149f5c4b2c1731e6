"""The numbers of an assessment, as its file holds them and counted once more in plain Python."""

from __future__ import annotations

import json
from collections import defaultdict

import pyarrow as pa

from kakuho.exposure.facts import facts
from kakuho.exposure.judge import Judgement

from .answer import INVENTORY


def told(judgement: Judgement) -> str:
    """The facts, each record being a person of its own, in the form of ``facts.json``."""
    return json.dumps(_facts(judgement), ensure_ascii=False, sort_keys=True)


def counted(judgement: Judgement) -> dict[str, tuple[object, int]]:
    """Numbers of records and of items that are not what a count over the verdicts gives: id → (told, counted)."""
    levels: dict[str, set[str]] = defaultdict(set)
    verdicts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in judgement.verdicts.to_pylist():
        verdicts[row["category"], row["subject"]].add(row["verdict"])
        for level in _levels(row["verdict"]):
            levels[f"A001.{row['category']}.item.{row['item']}.{level}"].add(row["subject"])
    for (category, subject), found in verdicts.items():
        verdict = next(one for one in ("confirmed", "possible", "ruled_out") if one in found)
        for level in _levels(verdict):
            levels[f"A001.{category}.records.{level}"].add(subject)
            levels[f"A001.total.records.{level}"].add(subject)
    wrong: dict[str, tuple[object, int]] = {}
    for identifier, fact in _facts(judgement).items():
        if ".records." in identifier or ".item." in identifier:
            own = len(levels.get(identifier, ()))
            if fact["value"] != own:
                wrong[identifier] = (fact["value"], own)
    return wrong


def _levels(verdict: str) -> tuple[str, ...]:
    return ("total",) if verdict == "ruled_out" else (verdict, "affected", "total")


def _facts(judgement: Judgement) -> dict[str, dict[str, object]]:
    pairs = sorted({(row["subject"], row["category"]) for row in judgement.verdicts.to_pylist()})
    kinds = {category.id: category.kind for category in INVENTORY.categories}
    columns = {
        "subject": [subject for subject, _ in pairs],
        "category": [category for _, category in pairs],
        "person_id": [subject for subject, _ in pairs],
        "kind": [kinds[category] for _, category in pairs],
    }
    persons = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return facts(1, judgement.sets, persons, INVENTORY)
