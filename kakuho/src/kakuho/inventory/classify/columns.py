"""One column: keys, then names, then what the table is about, then values; what is left is technical or unsure."""

from __future__ import annotations

import re

from kakuho.inventory.classify import recognisers
from kakuho.inventory.classify.context import ENOUGH, ColumnContext, said
from kakuho.inventory.classify.leftovers import by_values, free_text, rest
from kakuho.inventory.classify.model import OPERATIONS, Judgement
from kakuho.inventory.classify.topics import AMOUNT
from kakuho.inventory.classify.types import is_long, kind, length
from kakuho.inventory.classify.vocabulary import (
    BOOKKEEPING,
    FREE_TEXT,
    KEYLIKE,
    NAME_RULES,
    NUMBERLIKE,
    NameRule,
)
from kakuho.inventory.classify.words import joined, table_words
from kakuho.inventory.item_labels import ITEMS
from kakuho.inventory.sources.model import SourceColumn

_SESSION = re.compile(r"_(sess|session)_(id|key|token)_$")
_ATTRIBUTE = re.compile(r"_(attribute|property|meta|extra|custom)_")
_MEDICAL = frozenset(
    ["concept", "icd", "diagnosis", "disease", "drug", "medicine", "allergy", "symptom", "procedure", "program"]
)
_ORGANISATION = re.compile(
    r"_(company|organi[sz]ation|corporation|kaisha|hojin|kigyo|clinic|hospital|shop|store|dairiten)_(name|kana|mei)(_\w+)?_$"
)


def judge_column(column: SourceColumn, context: ColumnContext) -> Judgement:
    """The judgement; ``review`` wherever a person has to look."""
    written, kind_ = joined(column.name), kind(column.type)
    return (
        _key(column, written, context)
        or _by_name(column, written, kind_, context)
        or _reference(column, written, context)
        or _by_neighbours(column, written, kind_, context)
        or _plain_name(column, written, context)
        or _number(column, written, context)
        or _attribute(column, written, kind_, context)
        or _by_topic(column, written, kind_, context)
        or by_values(column, kind_, context)
        or free_text(column, written, kind_, context)
        or rest(column, written, kind_, context)
    )


def _key(column: SourceColumn, written: str, context: ColumnContext) -> Judgement | None:
    if context.table.primary_key == (column.name,) and (
        KEYLIKE.search(written) or kind(column.type) in ("number", "uuid")
    ):
        if kind(column.type) == "text" and _SESSION.search(written):
            return None
        return said(OPERATIONS, None, 0.97, "主キー", "primary key")
    if BOOKKEEPING.search(written):
        return said(OPERATIONS, None, 0.93, "行の管理のための列名", "a name of bookkeeping")
    return None


def _reference(column: SourceColumn, written: str, context: ColumnContext) -> Judgement | None:
    target = context.keys.get(column.name)
    if target is None:
        return None
    if (
        column.name not in context.declared
        and context.topic is not None
        and context.topic.id == "purchase"
        and AMOUNT.search(written)
    ):
        return None
    words = set(table_words(target)) if target not in context.people else set()
    if (
        context.about == "detail"
        and context.topic is not None
        and context.topic.id in ("health", "claim")
        and words & _MEDICAL
    ):
        return said(
            "user.health_and_medical",
            _item("health", context),
            0.8,
            "健康情報の表から医療用語への参照",
            "a reference from health data to a medical term",
        )
    return said(OPERATIONS, None, 0.95, f"{target} への参照", f"a reference to {target}")


def _by_name(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement | None:
    for rule in NAME_RULES:
        by_comment = rule.japanese is not None and bool(rule.japanese.search(f"{column.name} {column.comment}"))
        if not (rule.names.search(written) or by_comment) or (rule.kinds and kind_ not in rule.kinds):
            continue
        if not _holds(rule, context) or not _fits(rule, column):
            continue
        if rule.item == "name" and context.about == "organisation" and not context_is_person_column(written):
            return _weighed(column, rule, context, "user.contact.organization")
        return _weighed(column, rule, context, rule.category)
    return None


def context_is_person_column(written: str) -> bool:
    """Whether a name in a table of organisations is a person's: a representative, somebody in charge."""
    return bool(
        re.search(
            r"_(tanto\w*|daihyo\w*|manager|contact|person|shimei|last|first|given|family|owner|law_manager|other_names?)_",
            written,
        )
    )


def _holds(rule: NameRule, context: ColumnContext) -> bool:
    if rule.where == "party":
        return context.of_party
    if rule.where == "person":
        return context.about in ("person", "detail")
    return True


def _fits(rule: NameRule, column: SourceColumn) -> bool:
    """Whether the type has room for such a value: an IP address needs seven characters, a mail address six."""
    longest = length(column.type)
    least = {"ip": 7, "email": 6, "secret": 4}.get(rule.recogniser or "", 0)
    return longest is None or longest >= least


def _weighed(column: SourceColumn, rule: NameRule, context: ColumnContext, category: str) -> Judgement:
    """The rule's judgement, borne out or doubted by the values."""
    item = _item(rule.item, context)
    words = ITEMS[item][1:] if item in ITEMS else (category, category)
    ja, en = f"列名が「{words[0]}」に合う", f"name matches {words[1]}"
    confidence = rule.confidence
    if not context.of_party:
        confidence -= 0.25
        ja, en = f"{ja}（人の表ではない）", f"{en} (the table is not about persons)"
    if (
        rule.recogniser == "username"
        and len(column.samples) >= ENOUGH
        and recognisers.share("email", column.samples) >= 0.5
    ):
        part = recognisers.share("email", column.samples)
        return said(
            "user.contact.email",
            "email",
            0.5 + part / 2,
            f"ログインID。標本の{part:.0%}がメールアドレス",
            f"a login; {part:.0%} of samples are e-mail addresses",
        )
    if rule.recogniser is not None and len(column.samples) >= ENOUGH:
        part = recognisers.share(rule.recogniser, column.samples)
        shown = recognisers.NAMES[rule.recogniser]
        ja, en = f"{ja}。標本の{part:.0%}が{shown[0]}", f"{en}; {part:.0%} of samples are {shown[1]}"
        if part >= 0.6:
            confidence = max(confidence, 0.5 + part / 2)
        elif part < 0.2 and rule.recogniser not in ("name",):
            confidence *= 0.7
    return said(category, item, confidence, ja, en)


def _item(item: str | None, context: ColumnContext) -> str | None:
    """In an insurance system what befell somebody and what was paid for it is told as claims."""
    if context.claims and item in ("health", "payments") and not (context.topic and context.topic.id == "health"):
        return "claim_payments"
    return item


_PART_OF_ADDRESS = re.compile(r"_(state|district|region|ward|area|gun|machi)_$")
_ADDRESS = re.compile(r"_(address|street|city|zip|zip_code|postal_code|post_code|jusho)_")


def _by_neighbours(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement | None:
    """A word that alone may mean anything, and beside the columns around it means one thing."""
    if not context.of_party or kind_ != "text":
        return None
    beside = [joined(one.name) for one in context.table.columns if one.name != column.name]
    if _PART_OF_ADDRESS.search(written) and any(_ADDRESS.search(one) for one in beside):
        return said("user.contact.address.state", "address", 0.8, "住所の列と並ぶ", "it stands beside an address")
    if context.about == "person" and written == "_company_":
        return said(
            "user.contact.organization", "organisation", 0.8, "人の表の会社", "the company in a table of persons"
        )
    if context.about == "person" and context.topic is None and written == "_title_":
        return said("user.job_title", "occupation", 0.6, "人の表の肩書か敬称", "a title in a table of persons")
    return None


def _plain_name(column: SourceColumn, written: str, context: ColumnContext) -> Judgement | None:
    if kind(column.type) != "text":
        return None
    if context.of_party and _ORGANISATION.search(written):
        item = "name" if context.about == "organisation" else "organisation"
        return said(
            "user.contact.organization", item, 0.85, "列名が 組織の名称", "the name says an organisation's name"
        )
    if written not in ("_name_", "_名称_", "_名前_"):
        return None
    if context.about == "organisation":
        return said("user.contact.organization", "name", 0.9, "組織の表の名称", "the name in a table of organisations")
    if context.about == "person":
        return said("user.name", "name", 0.9, "人の表の名前", "the name in a table of persons")
    if context.about == "detail" and len(column.samples) >= ENOUGH and recognisers.share("name", column.samples) >= 0.2:
        return said("user.name", "name", 0.8, "標本に人名がある", "samples hold names of persons")
    return None


def _number(column: SourceColumn, written: str, context: ColumnContext) -> Judgement | None:
    """A number or code that is one row's alone, in a table about persons."""
    if context.about not in ("person", "detail") or not NUMBERLIKE.search(written) or kind(column.type) == "boolean":
        return None
    alone = (column.name,) in context.table.unique or context.table.primary_key == (column.name,)
    named = re.search(r"_(identifier|reference|claim_no|claim_code|case_no)_$", written)
    if not (alone or named):
        return None
    item = context.topic.item if context.topic is not None and context.topic.id == "claim" else None
    return said(
        "user.unique_id", item, 0.8 if alone else 0.7, "人に関する行だけの番号", "a number of one row about a person"
    )


def _by_topic(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement | None:
    topic = context.topic
    if not context.of_party or KEYLIKE.search(written):
        return None
    amount = bool(AMOUNT.search(written))
    if topic is None or context.about != "detail":
        if amount and context.about in ("person", "detail") and context.claims:
            return said(
                "user.payment",
                "claim_payments",
                0.7,
                "保険の人の表の支払",
                "a payment in an insurance table of persons",
            )
        if amount and topic is not None and topic.id in ("purchase", "payment") and context.about == "person":
            return said(
                topic.category, topic.item, 0.7, f"{topic.id} の表の金額や品目", f"amounts and goods of {topic.id}"
            )
        return None
    long_text = kind_ in ("text", "json") and (FREE_TEXT.search(written) or is_long(column.type))
    told_when = topic.id == "negotiation" and kind_ == "date"
    if topic.everything or amount or long_text or told_when or topic.id == "bank_account":
        if topic.everything and kind_ == "boolean" and topic.id != "health":
            return None
        sure = 0.8 if amount or long_text or told_when or topic.id in ("claim", "health") else 0.7
        return said(
            topic.category,
            _item(topic.item, context),
            sure,
            f"{topic.id} の表の列",
            f"a column of a table about {topic.id}",
        )
    return None


def _attribute(column: SourceColumn, written: str, kind_: str, context: ColumnContext) -> Judgement | None:
    """The value of a table of attributes: it can hold anything about the person."""
    if context.about != "detail" or kind_ not in ("text", "json") or "value" not in written:
        return None
    if not _ATTRIBUTE.search(joined(context.table.name)):
        return None
    return said(
        "user", "notes", 0.6, "本人の属性の値（何でも入る）", "the value of an attribute of the person, whatever it is"
    )
