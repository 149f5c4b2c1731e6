"""The inventory as it is written: Fideslang's dataset form with what it lacks under ``kakuho:``.

This is what the JSON Schema describes and what a file is checked against; ``load`` makes the flat :class:`Inventory`
of it.
Attributes that Fideslang has and kakuho does not use are allowed where Fideslang has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from kakuho.inventory.model import AccessPath, Category, EvidenceSource, Item, SubjectLink
from kakuho.inventory.protection import Key, Protection
from kakuho.inventory.strict import Strict


class FieldExtension(Strict):
    """What Fideslang lacks about a field."""

    item: Annotated[str | None, Field(description="項目のID（items の id） / The data item, an id of `items`")] = None
    review: Annotated[
        bool, Field(description="下書きで自信がない: 人が確かめて消す / Drafted and unsure: look, then remove this")
    ] = False
    protection: Annotated[
        Protection | None, Field(description="値のまま持たないとき / Where the column does not hold the value itself")
    ] = None


class FieldForm(Strict):
    """A column; with ``fields``, an object whose parts are named ``column.part``."""

    name: Annotated[str, Field(description="列の名前 / The column's name")]
    description: str | None = None
    data_categories: Annotated[
        tuple[str, ...], Field(description="Fideslang の data category / Fideslang's data categories")
    ] = ()
    data_qualifier: str | None = None
    fides_meta: dict[str, Any] | None = None
    fields: tuple[FieldForm, ...] = ()
    kakuho: FieldExtension = FieldExtension()

    def flat(self, prefix: str = "") -> Iterator[dict[str, Any]]:
        """The field and its parts, as fields of :class:`kakuho.inventory.model.DataField`."""
        name = prefix + self.name
        yield {"name": name, "data_categories": self.data_categories, **self.kakuho.model_dump()}
        for part in self.fields:
            yield from part.flat(f"{name}.")


class CollectionExtension(Strict):
    """What Fideslang lacks about a collection: whose data a row is, and how it is found."""

    key: Annotated[str, Field(description="行の鍵の列 / The column that is a row's key")]
    record_of: Annotated[
        str | None, Field(description="行が本人の記録である区分 / The category whose record a row is")
    ] = None
    subject: Annotated[
        tuple[SubjectLink, ...],
        Field(description="本人へたどる鍵。空でない最初のもの / Keys towards the person; the first not null"),
    ] = ()
    personal: Annotated[bool, Field(description="個人データでないとき false / false where the rows are nobody's")] = (
        True
    )
    created_at: Annotated[str | None, Field(description="行が作られた時刻の列 / Time of the row's creation")] = None
    changed_at: Annotated[str | None, Field(description="行が最後に変わった時刻の列 / Time of the last change")] = None
    unique: Annotated[
        tuple[str, ...], Field(description="行を特定し変わらない列 / Columns that identify a row and never change")
    ] = ()
    review: Annotated[
        bool, Field(description="下書きで自信がない: 人が確かめて消す / Drafted and unsure: look, then remove this")
    ] = False


class CollectionForm(Strict):
    """A table."""

    name: Annotated[
        str, Field(description="表の名前（public 以外は スキーマ.表） / The table; schema.table outside public")
    ]
    description: str | None = None
    data_categories: tuple[str, ...] = ()
    data_qualifier: str | None = None
    fides_meta: dict[str, Any] | None = None
    fields: tuple[FieldForm, ...]
    kakuho: CollectionExtension


class DatasetForm(Strict):
    """A store; Fideslang's dataset."""

    fides_key: str
    organization_fides_key: str | None = None
    tags: tuple[str, ...] | None = None
    name: str | None = None
    description: str | None = None
    meta: dict[str, Any] | None = None
    data_categories: tuple[str, ...] = ()
    data_qualifier: str | None = None
    fides_meta: dict[str, Any] | None = None
    fidesctl_meta: dict[str, Any] | None = None
    collections: tuple[CollectionForm, ...]


class InventoryForm(Strict):
    """The whole file."""

    inventory: Annotated[Literal[1], Field(description="この形式の版 / Version of this form")]
    system: Annotated[str, Field(description="システムの名前 / The system's name")]
    time_zone: Annotated[str, Field(description="時刻帯（IANA） / Time zone, IANA's name")] = "Asia/Tokyo"
    categories: Annotated[tuple[Category, ...], Field(min_length=1, description="本人の区分 / Data-subject categories")]
    items: Annotated[tuple[Item, ...], Field(min_length=1, description="個人データの項目 / Data items")]
    dataset: Annotated[tuple[DatasetForm, ...], Field(min_length=1)]
    access_paths: Annotated[
        tuple[AccessPath, ...], Field(description="読まれうる経路 / Ways by which rows can be read")
    ] = ()
    evidence_sources: Annotated[
        tuple[EvidenceSource, ...],
        Field(description="あるはずの記録。欠ければ途切れとする / Logs that must exist; one that lacks is a gap"),
    ] = ()
    keys: Annotated[tuple[Key, ...], Field(description="暗号鍵と、届く経路 / Keys, and the paths that reach them")] = ()
    error_pages: Annotated[
        Literal["nothing"] | None,
        Field(
            description="転送・拒否・エラーの応答に個人データが決して出ないとき nothing / "
            "nothing: no redirect, refusal or error shows anybody's data"
        ),
    ] = None
