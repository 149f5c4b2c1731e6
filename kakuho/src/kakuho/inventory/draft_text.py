"""A draft as YAML with, behind each line, how sure it is and why. No value of the database is in it."""

from __future__ import annotations

from typing import Any

import yaml

from kakuho.inventory.classify.topics import SUBJECTS
from kakuho.inventory.draft import Draft, DraftedCollection, DraftedField
from kakuho.inventory.item_labels import ITEMS
from kakuho.inventory.json_schema import MODELINE
from kakuho.language import Language

_HEAD = {
    "ja": """\
# {source} から作った下書きです。各行の右に確信度と理由があります。review: true の行を確かめ、直したら review
# を消してください。
# 確かめる: kakuho inventory check {file} --against {source}
# 経路（access_paths）の下書き: kakuho inventory routes
""",
    "en": """\
# A draft made from {source}. Behind each line: how sure, and why. Look at every line with review: true, correct it,
# remove review.
# To check: kakuho inventory check {file} --against {source}
# Access paths are drafted by: kakuho inventory routes
""",
}
_PATHS = """\
access_paths:
- {id: database.direct, kind: database_role, role: '*', collections: '*', witnesses: [database_log]}
- {id: backup, kind: backup, collections: '*', witnesses: []}
- {id: host, kind: host, collections: '*', witnesses: []}
"""


def draft_text(draft: Draft, *, source: str, file: str, time_zone: str, language: Language) -> str:
    """The whole file."""
    at = 0 if language == "ja" else 1
    lines = [MODELINE, *_HEAD[language].format(source=source, file=file).rstrip("\n").split("\n")]
    lines += ["inventory: 1", f"system: {_flow(draft.system)}", f"time_zone: {_flow(time_zone)}", "categories:"]
    for subject in draft.categories:
        kind, ja, en = SUBJECTS[subject]
        lines.append(f"- {_flow({'id': subject, 'kind': kind, 'label': {'ja': ja, 'en': en}})}")
    lines.append("items:")
    for item in draft.items:
        category, ja, en = ITEMS[item]
        lines.append(f"- {_flow({'id': item, 'data_category': category, 'label': {'ja': ja, 'en': en}})}")
    lines += ["dataset:", f"- fides_key: {_flow(draft.system)}", "  collections:"]
    for collection in draft.collections:
        lines += _collection(collection, at)
    return "\n".join(lines) + "\n" + _PATHS


def _collection(one: DraftedCollection, at: int) -> list[str]:
    about: dict[str, Any] = {"key": one.key}
    if one.record_of is not None:
        about["record_of"] = one.record_of
    elif one.subject:
        about["subject"] = [{"field": link.field, "collection": link.table} for link in one.subject]
    else:
        about["personal"] = False
    for name in ("created_at", "changed_at"):
        if getattr(one, name) is not None:
            about[name] = getattr(one, name)
    if one.unique:
        about["unique"] = list(one.unique)
    if one.review:
        about["review"] = True
    lines = [f"  - name: {_flow(one.table.name)}"]
    if one.table.comment:
        lines.append(f"    description: {_flow(one.table.comment)}")
    lines += [f"    kakuho: {_flow(about)} # {_words(one.why[at])}", "    fields:"]
    return lines + [_field(field, at) for field in one.fields]


def _field(field: DraftedField, at: int) -> str:
    judgement = field.judgement
    written: dict[str, Any] = {"name": field.column.name, "data_categories": [judgement.category]}
    about: dict[str, Any] = {}
    if judgement.item is not None:
        about["item"] = judgement.item
    if judgement.review:
        about["review"] = True
    if about:
        written["kakuho"] = about
    return f"    - {_flow(written)} # {judgement.confidence:.2f}: {_words(judgement.why[at])}"


def _words(text: str) -> str:
    return " ".join(text.split())


def _flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=100_000)
    return text.removesuffix("\n").removesuffix("\n...")
