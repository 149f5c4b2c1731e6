"""In what form a stored item leaves, and whether the key of what left as ciphertext was in the intruder's reach.

`protected` stands beside a verdict, never in its place. It is said only where all that left of a cell was ciphertext
and every path to the key is decided closed; whatever is not known is clear text or a key in reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.claims import CLEAR, DERIVED, DIRECT
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.scope import Pair
from kakuho.exposure.reasons import Reason
from kakuho.inventory import Inventory, Protection

Form = tuple[str, str]
"""(level, cipher)"""
_DECRYPTING = re.compile(
    r"decrypt|decipher|pgp_|\bdecode\s*\((?![^()]*,\s*'(?:base64|hex|escape)'\s*\))", re.IGNORECASE
)
"""MySQL's ``DECODE`` decrypts, PostgreSQL's only reads a notation."""


@dataclass(frozen=True)
class KeyReach:
    """``open``: the first access path by which the key was or may have been in reach; None: every one was closed."""

    id: str
    open: str | None
    state: str
    closed: tuple[str, ...]


def key_reach(inventory: Inventory, investigated: Investigated) -> dict[str, KeyReach]:
    """Every key of the inventory. Where the intruder is not told apart, all are in reach."""
    found: dict[str, KeyReach] = {}
    for key in inventory.keys:
        states = {path: investigated.state_of(path).state for path in key.reached_by}
        reached = [path for path, state in states.items() if state != "closed" or not investigated.delimited]
        first = reached[0] if reached else None
        state = states[first] if first is not None else "closed"
        found[key.id] = KeyReach(key.id, first, "open" if first and state == "closed" else state, key.reached_by)
    return found


def protection_reasons(keys: Mapping[str, KeyReach]) -> dict[str, Reason]:
    """Why a cell is protected, or why it is not although only ciphertext left: by key."""
    return {reason_of(key): _reason(key) for key in keys.values()}


def reason_of(key: KeyReach) -> str:
    return f"protected:{key.id}" if key.open is None else f"key_in_reach:{key.id}"


def _reason(key: KeyReach) -> Reason:
    if key.open is not None:
        state = {"used": ("使われた", "used"), "open": ("使い得た", "open to the intruder")}[key.state]
        return {
            "method": "protection",
            "ja": f"出たのは鍵「{key.id}」による暗号文だが、その鍵に届く経路「{key.open}」が{state[0]}ため、"
            "守られていたとは言えない。",
            "en": f"What left was ciphertext under the key '{key.id}', but the path '{key.open}' to that key was "
            f"{state[1]}: it does not count as protected.",
        }
    paths = "、".join(f"「{path}」" for path in key.closed), ", ".join(f"'{path}'" for path in key.closed)
    return {
        "method": "protection",
        "ja": f"出たのは鍵「{key.id}」による暗号文だけで、その鍵に届く経路（{paths[0]}）はすべて閉じていた。",
        "en": f"Only ciphertext under the key '{key.id}' left, and every path to that key ({paths[1]}) was closed.",
    }


def keys_table(keys: Mapping[str, KeyReach]) -> ir.Table:
    """``cipher``, ``in_reach``, ``why`` of every key."""
    rows = sorted(keys.values(), key=lambda key: key.id)
    return ibis.memtable(
        pa.table(
            {
                "cipher": pa.array([key.id for key in rows], pa.string()),
                "in_reach": pa.array([key.open is not None for key in rows], pa.bool_()),
                "why": pa.array([reason_of(key) for key in rows], pa.string()),
            }
        )
    )


def form_of(protection: Protection | None) -> Form:
    """How a column gives its value to somebody who reads the column itself."""
    if protection is None:
        return DIRECT, CLEAR
    if protection.encrypted is not None:
        return DIRECT, protection.encrypted
    return DERIVED, CLEAR


def is_kept_whole(protection: Protection | None) -> bool:
    """Whether the column holds the value, be it encrypted; a hash of it or a masked form is not the value."""
    return protection is None or protection.encrypted is not None


def may_decrypt(statement: str) -> bool:
    """Whether whoever wrote this had the means to turn ciphertext into clear text."""
    return _DECRYPTING.search(statement) is not None


def stored(
    inventory: Inventory, collections: str | tuple[str, ...], pairs: Iterable[Pair]
) -> Iterator[tuple[str, ...]]:
    """(record, item, level, cipher) of what somebody takes who reads the tables themselves: every form that a column of
    ``collections`` (``*``: of any) has.
    """
    for record, item in pairs:
        forms = {
            form_of(field.protection)
            for collection in inventory.personal()
            if (collections == "*" or collection.name in collections)
            and record in inventory.records_of(collection.name)
            for field in collection.fields
            if field.item == item
        }
        for form in sorted(forms or {(DIRECT, CLEAR)}):
            yield record, item, *form


def only_computed(inventory: Inventory) -> set[Pair]:
    """(record, item) of which the system itself keeps no more than a hash or a masked form: no method confirms them."""
    pairs = [(record.name, item) for record in inventory.records() for item in inventory.record_items(record.name)]
    whole = {(record, item) for record, item, level, _ in stored(inventory, "*", pairs) if level != DERIVED}
    return set(pairs) - whole
