"""What personal data the system holds, where, and every path by which it can be read.

In: one YAML file in Fideslang's dataset form, extended. Out: an ``Inventory``. May not know: cases, evidence, events.
"""

from kakuho.inventory.load import InventoryError, InventoryFile, load_file, load_inventory
from kakuho.inventory.model import (
    LOCAL_SOCKET,
    AccessPath,
    Category,
    Collection,
    DataField,
    Inventory,
    Item,
    Pages,
    Shows,
    SubjectLink,
)
from kakuho.inventory.protection import Key, Protection
from kakuho.inventory.strict import Label

__all__ = [
    "LOCAL_SOCKET",
    "AccessPath",
    "Category",
    "Collection",
    "DataField",
    "Inventory",
    "InventoryError",
    "InventoryFile",
    "Item",
    "Key",
    "Label",
    "Pages",
    "Protection",
    "Shows",
    "SubjectLink",
    "load_file",
    "load_inventory",
]
