"""Which blocks have the same answer on any database system: where the snapshot is held by another one, only these run.

Proven, because nothing in them is compared but whole numbers with whole numbers, and nothing is worked out: all rows of
one table, or those whose key of an integer type is one of the plain integers in the statement. Every other block keeps
the columns that it read and widens to all rows of its tables.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kakuho.exposure.sql import Block, Schema, Slot

_INTEGERS = re.compile(r"(?:tiny|small|medium|big)?int(?:eger)?\b", re.IGNORECASE)
_NAME = r"[`\"]([^`\"]+)[`\"]"
_LOOK_UP = re.compile(rf"(?:{_NAME}\.)?{_NAME} (?:= \d{{1,18}}|IN \(\d{{1,18}}(?:, \d{{1,18}})*\))")
_FROM = re.compile(rf"FROM {_NAME}(?: AS {_NAME})?")


def only_proven(block: Block, schema: Schema) -> Block:
    """``block``, or what of it can be run on another system."""
    if _is_proven(block, schema):
        return block
    slots = tuple(slot if _names(slot.named, slot, schema) else replace(slot, named="") for slot in block.slots)
    return replace(block, slots=slots, source=None, bare=None, identity="", kept="", exact=False)


def _is_proven(block: Block, schema: Schema) -> bool:
    if len(block.slots) != 1 or block.window is not None or block.depends or block.partners:
        return False
    slot = block.slots[0]
    whole = _FROM.fullmatch(block.source or "")
    plain = whole is not None and block.source == block.bare and not slot.many and not slot.probed
    return plain and (not block.condition or _names(block.condition, slot, schema))


def _names(condition: str, slot: Slot, schema: Schema) -> bool:
    found = _LOOK_UP.fullmatch(condition)
    if found is None or found[2] != slot.key:
        return False
    return _INTEGERS.match(schema.tables.get(slot.table, {}).get(slot.key, "")) is not None
