"""The inventory's shapes. Words as in Fideslang (dataset, collection, field, data category) and DESIGN (item, path)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kakuho.inventory.protection import Key, Protection
from kakuho.inventory.strict import Label, Strict

LOCAL_SOCKET = {"local": "[local]"}
"""How PostgreSQL's log writes what the inventory calls ``local``."""

WitnessRole = Literal["access_log", "database_log", "disclosure_ledger"]


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
    protection: Protection | None = None


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

    def protection_of(self, column: str) -> Protection | None:
        return next((field.protection for field in self.fields if field.name == column), None)


class Pages(Strict):
    """A list that shows so many rows at a time, all of the collection in one order.

    Only for a list that nothing but the page's number narrows: a request with any other parameter counts as any rows.
    """

    parameter: str = "page"
    """The query's parameter with the page's number, from 1; without it the first page is shown."""
    size: Annotated[int, Field(gt=0)]
    order: Annotated[tuple[str, ...], Field(min_length=1)]
    """Columns, ``-`` in front where the greatest comes first: ``created_at`` of the collection, and its key at last."""


class Shows(Strict):
    """What a route's page can show at most.

    ``subject``: ``principal`` (who is logged in) or ``<collection>:{<name>}`` with a name bound by the route's path.
    ``collection``: some rows of it, which the path does not say.
    """

    subject: str | None = None
    collection: str | None = None
    items: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    pages: Pages | None = None


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
    prints_errors: bool = False
    """Of a route with SQL: its page shows the database's error message where the statement fails."""
    role: str | None = None
    application_from: tuple[str, ...] = ()
    """Of a direct connection: where the application's own connections come from, as the database's log writes it
    (``local``: the local socket)."""
    collections: Literal["*"] | tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Of an export or backup: where its files lie, as patterns (``*``: within a name, ``**``: across folders): paths on
    a host, ``s3://bucket/key``, paths of a web server."""
    items: tuple[str, ...] = ()
    """The items that such a file holds of its collections; empty: all."""
    written: Annotated[str | None, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = None
    """The time of day at which a file is written, daily: rows made later are not in it."""
    encrypted_with: str | None = None
    """The name of the key with which the files are encrypted."""
    through: tuple[str, ...] = ()
    witnesses: tuple[WitnessRole, ...] = ()
    label: Label | None = None

    @property
    def tells_who(self) -> tuple[WitnessRole, ...]:
        """The witnesses that also tell whose use it was; the others see the path used, by anybody.

        A database's log does not tell a direct connection under a role of the application from the application's own,
        unless it is said where the latter come from: then it tells those from anywhere else. It never tells the reading
        of an intruder who connects from one of these very places, on the application's host, through its pooler or a
        tunnel that ends there: that is the path of the kind ``host``, which a person has to decide.
        """
        direct = self.kind == "database_role" and not self.through and not self.application_from
        return tuple(role for role in self.witnesses if not (direct and role == "database_log"))

    @property
    def is_by_file(self) -> bool:
        """Whether it is said where its files lie."""
        return bool(self.files) and self.kind in ("export", "backup")

    def is_own(self, address: str) -> bool:
        """Whether the application's own connections come from ``address``, as the database's log writes it."""
        return address in {LOCAL_SOCKET.get(place, place) for place in self.application_from}


class EvidenceSource(Strict):
    """A log that must exist: while none of its files covers a time, its role has a gap."""

    id: str
    role: Annotated[WitnessRole, Field(description="何の記録か / What it witnesses")]
    files: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="ファイル名の型（* ?）。回転した名も含む / Patterns of its files' names"),
    ]


class Inventory(Strict):
    system: str
    time_zone: str = "Asia/Tokyo"
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    collections: Annotated[tuple[Collection, ...], Field(min_length=1)]
    access_paths: tuple[AccessPath, ...] = ()
    evidence_sources: tuple[EvidenceSource, ...] = ()
    keys: tuple[Key, ...] = ()
    error_pages: Literal["nothing"] | None = None
    """``nothing``: no redirect, refusal or error of this system shows anybody's data."""

    def told_apart(self) -> tuple[AccessPath, ...]:
        """The direct connections that a database's log tells from the application's own, by their addresses."""
        return tuple(p for p in self.access_paths if p.kind == "database_role" and not p.through and p.application_from)

    def is_foreign(self, role: str | None, address: str | None) -> bool:
        """Whether a connection under ``role`` from ``address`` is none of the application's."""
        mine = [path for path in self.told_apart() if path.role in (None, "*", role)]
        return address is not None and any(not path.is_own(address) for path in mine)

    def without_addresses(self) -> Inventory:
        """What is left of it where the database's log does not write where its connections come from."""
        paths = tuple(path.model_copy(update={"application_from": ()}) for path in self.access_paths)
        return self.model_copy(update={"access_paths": paths})

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

    def is_encrypted(self, category: str, item: str) -> bool:
        """Whether a column that holds the item of records of this category is kept encrypted."""
        return any(
            field.item == item and field.protection is not None and field.protection.encrypted is not None
            for collection in self.personal()
            if any(self.collection(record).record_of == category for record in self.records_of(collection.name))
            for field in collection.fields
        )

    def record_items(self, record: str) -> tuple[str, ...]:
        """The items that a record of this collection can have, its own and its children's, in table order."""
        held = {
            item
            for collection in self.personal()
            if record in self.records_of(collection.name)
            for item in collection.items()
        }
        return tuple(item.id for item in self.items if item.id in held)
