"""Keys that nobody declared, and keys that lead to no access path."""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.inventory.faults import Fault, meant
from kakuho.inventory.file_form import FieldForm, InventoryForm
from kakuho.inventory.positions import Place
from kakuho.language import Bilingual

_ADD_KEY = Bilingual(
    ja="keys に、鍵の id と、その鍵に届く経路（reached_by）を加えてください。",
    en="add the key to keys, with the access paths that reach it (reached_by)",
)
_ADD_PATH = Bilingual(
    ja="access_paths に加えるか、名前を直してください。", en="add it to access_paths, or correct the name"
)


def protection_faults(form: InventoryForm) -> Iterator[Fault]:
    """In the file's order."""
    keys = {key.id for key in form.keys}
    paths = {path.id for path in form.access_paths}
    for k, key in enumerate(form.keys):
        for p, path in enumerate(key.reached_by):
            if path not in paths:
                yield Fault(
                    Bilingual(
                        ja=f"鍵 {key.id!r}: 経路 {path!r} がありません。", en=f"key {key.id!r}: no path {path!r}"
                    ),
                    ("keys", k, "reached_by", p),
                    meant(path, paths, _ADD_PATH),
                )
    for d, dataset in enumerate(form.dataset):
        for c, collection in enumerate(dataset.collections):
            place: Place = ("dataset", d, "collections", c)
            yield from _fields(collection.fields, collection.name, place, keys)


def _fields(fields: tuple[FieldForm, ...], named: str, place: Place, keys: set[str]) -> Iterator[Fault]:
    for f, field in enumerate(fields):
        about, where = field.kakuho.protection, (*place, "fields", f)
        if about is not None and about.encrypted is not None and about.encrypted not in keys:
            yield Fault(
                Bilingual(
                    ja=f"列 {named}.{field.name}: 鍵 {about.encrypted!r} がありません。",
                    en=f"field {named}.{field.name}: no key {about.encrypted!r}",
                ),
                (*where, "kakuho", "protection", "encrypted"),
                meant(about.encrypted, keys, _ADD_KEY),
            )
        yield from _fields(field.fields, f"{named}.{field.name}", where, keys)
