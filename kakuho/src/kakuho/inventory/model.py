"""The inventory's shapes. Words as in Fideslang (dataset, collection, field, data category) and DESIGN (item, path)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

WitnessRole = Literal["access_log", "database_log", "disclosure_ledger"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Strict):
    ja: str
    en: str


class Category(Strict):
    """A data-subject category (本人の区分); one row of the notice's table."""

    id: str
    kind: Literal["person", "organisation"]
    label: Label


class Item(Strict):
    """A data item (個人データの項目); ``data_category`` is Fideslang's key."""

    id: str
    label: Label
    data_category: str


class DataField(Strict):
    """A column. Without an item it holds nothing that a notice would name."""

    name: str
    data_categories: tuple[str, ...] = ()
    item: str | None = None
    review: bool = False
    """Drafted and unsure: a person has to look before it is relied on."""


class SubjectLink(Strict):
    """``field`` of this collection holds the key of a row of ``collection``: follow it to the person."""

    field: str
    collection: str


class Collection(Strict):
    """A table. Exactly one of: a record of a category, linked to one by ``subject``, or not personal."""

    name: str
    key: str
    record_of: str | None = None
    subject: tuple[SubjectLink, ...] = ()
    personal: bool = True
    created_at: str | None = None
    """Column with the time of the row's creation."""
    changed_at: str | None = None
    """Column with the time of the row's last change; rows never changed after creation name ``created_at`` here."""
    unique: tuple[str, ...] = ()
    """Columns that identify a row and are never changed, beside the key."""
    review: bool = False
    """Drafted and unsure: whose data the rows are, or by which key, a person has to look at."""
    fields: tuple[DataField, ...]

    def items(self) -> dict[str, tuple[str, ...]]:
        """item → the columns that hold it."""
        found: dict[str, list[str]] = {}
        for field in self.fields:
            if field.item is not None:
                found.setdefault(field.item, []).append(field.name)
        return {item: tuple(columns) for item, columns in found.items()}

    def item_of(self, column: str) -> str | None:
        return next((field.item for field in self.fields if field.name == column), None)


class Shows(Strict):
    """What a route's page can show at most.

    ``subject``: ``principal`` (who is logged in) or ``<collection>:{<name>}`` with a name bound by the route's path.
    ``collection``: some rows of it, which the path does not say.
    """

    subject: str | None = None
    collection: str | None = None
    items: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


class AccessPath(Strict):
    """One way by which rows can be read, and the evidence that would witness it (any of ``witnesses`` is enough)."""

    id: str
    kind: Literal["route", "database_role", "export", "backup", "host"]
    methods: tuple[str, ...] = ("GET",)
    path: str | None = None
    principal: str | None = None
    login: bool = False
    shows: tuple[Shows, ...] = ()
    parameters: tuple[str, ...] = ()
    sql: str | None = None
    database_role: str | None = None
    returns: Literal["rows", "nothing"] | None = None
    role: str | None = None
    collections: Literal["*"] | tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    witnesses: tuple[WitnessRole, ...] = ()
    label: Label | None = None

    @property
    def tells_who(self) -> tuple[WitnessRole, ...]:
        """The witnesses that also tell whose use it was; the others see the path used, by anybody.

        A database's log does not tell a direct connection under a role of the application from the application's own.
        """
        direct = self.kind == "database_role" and not self.through
        return tuple(role for role in self.witnesses if not (direct and role == "database_log"))


class Inventory(Strict):
    system: str
    time_zone: str = "Asia/Tokyo"
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    collections: Annotated[tuple[Collection, ...], Field(min_length=1)]
    access_paths: tuple[AccessPath, ...] = ()

    def collection(self, name: str) -> Collection:
        return next(c for c in self.collections if c.name == name)

    def has_collection(self, name: str) -> bool:
        return any(c.name == name for c in self.collections)

    def category(self, identifier: str) -> Category:
        return next(c for c in self.categories if c.id == identifier)

    def item(self, identifier: str) -> Item:
        return next(i for i in self.items if i.id == identifier)

    def records(self) -> tuple[Collection, ...]:
        """The collections whose rows are data-subject records."""
        return tuple(c for c in self.collections if c.record_of is not None)

    def personal(self) -> tuple[Collection, ...]:
        return tuple(c for c in self.collections if c.personal and (c.record_of is not None or c.subject))

    def records_of(self, collection: str) -> tuple[str, ...]:
        """The record collections that a row of ``collection`` can belong to."""
        found = self.collection(collection)
        if found.record_of is not None:
            return (found.name,)
        names: dict[str, None] = {}
        for link in found.subject:
            names.update(dict.fromkeys(self.records_of(link.collection)))
        return tuple(names)

    def record_items(self, record: str) -> tuple[str, ...]:
        """The items that a record of this collection can have, its own and its children's, in table order."""
        held = {
            item
            for collection in self.personal()
            if record in self.records_of(collection.name)
            for item in collection.items()
        }
        return tuple(item.id for item in self.items if item.id in held)
