"""DESIGN's laws 1, 2 and 4 on files that were taken: generated dumps and sheets, of which the truth is known.

The truth is computed from the population in plain Python: what stood in the file when it left. Between file and
snapshot people change, come and go; the log shows all bytes or not, the file is among the evidence or not, the
inventory declares it or not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import ibis
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from kakuho.engine.schemas import TABLES
from kakuho.evidence.content import PlainContent
from kakuho.exposure.cells import cells, owners_of_all
from kakuho.exposure.claims import union
from kakuho.exposure.methods.file_reasons import FILE_REASONS
from kakuho.exposure.methods.files import FileEvidence, SealedFile, file_claims
from kakuho.exposure.reasons import REASONS
from kakuho.exposure.verdict_sets import in_order, unpack
from kakuho.exposure.verdicts import verdict_sets
from kakuho.inventory import Inventory, load_inventory

WRITTEN = datetime.fromisoformat("2025-03-18T18:00:00")  # 03:00 in Tokyo; UTC without a zone, as in the lake
TAKEN = datetime.fromisoformat("2025-03-19T06:30:00")
LONG_AGO = datetime.fromisoformat("2025-01-01")
LAWS = Path(__file__).parents[1] / "laws" / "inventory.yaml"
BACKUP = """
- {id: backup.nightly, kind: backup, files: ['/var/backups/db-*', '/static/db-*'], collections: '*', written: '03:00'}
"""
Cell = tuple[str, str]
COLUMNS = {
    "holder": ("id", "created_at", "updated_at", "name", "gender", "email"),
    "clinic": ("id", "name"),
    "policy": ("id", "holder_id", "policy_number"),
    "bank": ("id", "holder_id", "clinic_id", "number"),
}
ITEMS = {
    "name": "name",
    "gender": "gender",
    "email": "email",
    "policy_number": "policy_number",
    "number": "bank_account",
}

names = st.sampled_from(["佐藤 花子", "鈴木 一郎", "髙橋\t桜", "佐藤 花子", "1"])
people = st.lists(
    st.fixed_dictionaries(
        {
            "name": names,
            "gender": st.sampled_from(["female", "male", ""]),
            "email": st.sampled_from([None, "", "a@example.jp", "b@example.com"]),
            "policies": st.integers(0, 2),
            "bank": st.booleans(),
        }
    ),
    min_size=1,
    max_size=5,
)
clinics = st.lists(st.fixed_dictionaries({"name": names, "bank": st.booleans()}), max_size=3)
changes = st.lists(st.tuples(st.sampled_from(["rename", "empty", "leave", "come"]), st.integers(0, 4)), max_size=4)
forms = st.one_of(
    st.tuples(st.just("dump"), st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, unique=True)),
    st.tuples(
        st.sampled_from(["csv", "json", "zip", "headless"]),
        st.lists(st.sampled_from(["id", "name", "gender", "email"]), min_size=1, unique=True),
    ),
)
takings = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["web", "shell", "sftp"]),
        "whole": st.booleans(),
        "certain": st.booleans(),
        "sealed": st.booleans(),
        "declared": st.booleans(),
    }
)
THE_VERY = {"by": "web", "whole": True, "certain": True, "sealed": True, "declared": False}
NEWCOMER = {"name": "田中 実", "gender": "male", "email": "c@example.jp", "policies": 1, "bank": True}
WOMAN = {"name": "佐藤 花子", "gender": "female", "email": "a@example.jp", "policies": 1, "bank": True}


@dataclass
class Population:
    rows: dict[str, list[dict[str, str | None]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    joined: int = 0
    """A sequence: the number of one who left is not given again."""

    @classmethod
    def of(cls, persons: Sequence[dict[str, object]], bodies: Sequence[dict[str, object]]) -> Population:
        world = cls()
        for person in persons:
            world.join(person, LONG_AGO)
        for body in bodies:
            number = str(len(world.rows["clinic"]) + 1)
            world.rows["clinic"].append({"id": number, "name": str(body["name"])})
            if body["bank"]:
                world._bank(None, number)
        return world

    def join(self, person: dict[str, object], at: datetime) -> None:
        self.joined += 1
        number = str(self.joined)
        stamp = f"{at.isoformat(sep=' ')}+00"
        own = {key: person[key] for key in ("name", "gender", "email")}
        self.rows["holder"].append({"id": number, "created_at": stamp, "updated_at": stamp, **own})  # type: ignore[dict-item]
        for _ in range(int(str(person["policies"]))):
            policy = f"{number}{len(self.rows['policy']) + 1:03d}"
            self.rows["policy"].append({"id": policy, "holder_id": number, "policy_number": f"PL-{policy}"})
        if person["bank"]:
            self._bank(number, None)

    def _bank(self, holder: str | None, clinic: str | None) -> None:
        number = f"{self.joined}{len(self.rows['bank']) + 1:03d}"
        row = {"id": number, "holder_id": holder, "clinic_id": clinic, "number": f"99{number}"}
        self.rows["bank"].append(row)

    def change(self, kind: str, place: int) -> None:
        holders = self.rows["holder"]
        if kind == "come":
            self.join(
                {"name": "田中 実", "gender": "male", "email": "c@example.jp", "policies": 1, "bank": True}, TAKEN
            )
            return
        if not holders:
            return
        chosen = holders[place % len(holders)]
        if kind == "rename":
            chosen.update(name="改姓 後", gender="male", email="new@example.jp")
        elif kind == "empty":
            chosen.update(email=None)
        else:
            holders.remove(chosen)
            for name in ("policy", "bank"):
                self.rows[name] = [row for row in self.rows[name] if row["holder_id"] != chosen["id"]]

    def cells(self, tables: Sequence[str], columns: Sequence[str] = tuple(ITEMS)) -> set[Cell]:
        found: set[Cell] = set()
        for name in tables:
            for row in self.rows[name]:
                subject = f"{name}:{row['id']}"
                if name in ("policy", "bank"):
                    holder, clinic = row["holder_id"], row.get("clinic_id")
                    subject = f"holder:{holder}" if holder else f"clinic:{clinic}"
                found |= {(subject, ITEMS[c]) for c in COLUMNS[name] if c in ITEMS and c in columns and row[c]}
        return found

    def tables(self) -> dict[str, ibis.Table]:
        found = {}
        for name, columns in COLUMNS.items():
            values = {c: pa.array([row[c] for row in self.rows[name]], pa.string()) for c in columns}
            found[name] = ibis.memtable(pa.table(values))
        return found


def written(world: Population, form: tuple[str, Sequence[str]]) -> tuple[str, bytes, set[Cell]]:
    """Name and bytes of the file, and the cells that are in it."""
    kind, chosen = form
    if kind == "dump":
        text = "".join(_copy(name, world.rows[name]) for name in chosen)
        return "db-1.sql", f"--\n-- PostgreSQL database dump\n--\n{text}".encode(), world.cells(chosen)
    rows = [[row[column] for column in chosen] for row in world.rows["holder"]]
    truth = world.cells(["holder"], chosen)
    if kind == "json":
        made = [dict(zip(chosen, row, strict=True)) for row in rows]
        return "db-1.json", json.dumps(made, ensure_ascii=False).encode(), truth
    out = io.StringIO()
    csv.writer(out).writerows([*([chosen] if kind != "headless" else []), *rows])
    data = out.getvalue().encode("cp932" if kind == "csv" else "utf-8", errors="replace")
    if kind == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("people.csv", data)
        return "db-1.zip", packed.getvalue(), truth
    return "db-1.csv", data, truth


def _copy(name: str, rows: Sequence[dict[str, str | None]]) -> str:
    def cell(value: str | None) -> str:
        return "\\N" if value is None else value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")

    lines = ["\t".join(cell(row[c]) for c in COLUMNS[name]) for row in rows]
    return f"COPY public.{name} ({', '.join(COLUMNS[name])}) FROM stdin;\n" + "".join(f"{x}\n" for x in lines) + "\\.\n"


def inventory(declared: bool) -> Inventory:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(LAWS.read_text(encoding="utf-8") + (BACKUP if declared else ""))
        file.flush()
        return load_inventory(Path(file.name))


INVENTORIES = {declared: inventory(declared) for declared in (False, True)}


def event(name: str, size: int, taking: dict[str, object]) -> tuple[str, dict[str, object]]:
    base: dict[str, object] = {"time": TAKEN, "source_id": 1, "line": 1, "byte_offset": 0}
    sent = size if taking["whole"] else size // 2
    if taking["by"] == "web":
        request = {"method": "GET", "url_path": f"/static/{name}", "status": 200, "bytes_out": sent}
        return "http_activity", base | request
    if taking["by"] == "sftp":
        message = f'close "/var/backups/{name}" bytes read {sent} written 0'
        return "base_event", base | {"application": "sftp-server", "pid": 7, "message": message}
    opened = {"activity": "read", "outcome": "success", "file_path": f"/var/backups/{name}", "session_id": "4"}
    return "file_activity", base | opened


def judged(snapshot: Population, data: bytes, name: str, takings: Sequence[dict[str, object]]) -> dict[str, set[Cell]]:
    """verdict → cells, with a transfer for each of ``takings``."""
    own = INVENTORIES[any(taking["declared"] for taking in takings)]
    tables = snapshot.tables()
    events: dict[str, list[dict[str, object]]] = {}
    mine = []
    for number, taking in enumerate(takings, 1):
        table, row = event(name, len(data), taking)
        row["line"] = number
        events.setdefault(table, []).append(row)
        mine.append({"source_id": 1, "line": number, "table": table, "time": TAKEN, "certain": taking["certain"]})
    lake = {
        table: ibis.memtable(pa.Table.from_pylist(events.get(table, []), schema=TABLES[table].schema))
        for table in ("http_activity", "file_activity", "process_activity", "api_activity", "base_event")
    }
    attacker = ibis.memtable(pa.Table.from_pylist(mine, schema=TABLES["attacker_events"].schema))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sealed"
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        sealed = [SealedFile(digest, name, len(data), WRITTEN, PlainContent(path))]
        given_in = tuple(sealed) if any(taking["sealed"] for taking in takings) else ()
        whose = ibis.memtable(owners_of_all(tables, own).to_pyarrow())
        found = file_claims(FileEvidence(lake, given_in), attacker, own, tables, whose)
    reasons = {**REASONS, **FILE_REASONS, **found.reasons}
    sets = verdict_sets(cells(tables, own), union([found.claims]), reasons, own, {}).to_pyarrow()
    rows = unpack(in_order(sets)).to_pylist()
    answer: dict[str, set[Cell]] = {"confirmed": set(), "possible": set(), "ruled_out": set()}
    for row in rows:
        answer[row["verdict"]].add((row["subject"], row["item"]))
    return answer


def later(persons: Sequence[dict[str, object]], bodies: Sequence[dict[str, object]], since: Sequence[tuple[str, int]]):
    """The population when the file was written, and when the snapshot was taken."""
    before, after = Population.of(persons, bodies), Population.of(persons, bodies)
    for kind, place in since:
        after.change(kind, place)
    return before, after


def told(taking: dict[str, object]) -> bool:
    """Whether anything tells what the file holds."""
    return bool(taking["sealed"] or taking["declared"])


@given(people, clinics, changes, forms, takings)
@example([WOMAN, WOMAN], [], [("rename", 0)], ("dump", ["bank"]), THE_VERY)
@example([WOMAN], [{"name": "1", "bank": True}], [("leave", 0)], ("csv", ["id", "name"]), THE_VERY)
@example([WOMAN], [], [("rename", 0)], ("headless", ["name", "email"]), THE_VERY)
def test_1_nobody_is_missed(persons, bodies, since, form, taking) -> None:
    before, after = later(persons, bodies, since)
    name, data, truth = written(before, form)
    if not told(taking):
        return  # a file of which nothing is known: the path `host` or `backup` stands for it
    still = {cell for verdict in judged(after, data, name, []).values() for cell in verdict}
    found = judged(after, data, name, [taking])
    missed = (truth & still) - found["confirmed"] - found["possible"]
    assert missed == set()


@given(people, clinics, changes, forms, takings)
@example([WOMAN, {**WOMAN, "email": "b@example.com"}], [], [], ("csv", ["gender", "email"]), THE_VERY)
@example([WOMAN, WOMAN], [], [], ("csv", ["name", "email"]), THE_VERY)
def test_2_what_is_confirmed_truly_left(persons, bodies, since, form, taking) -> None:
    before, after = later(persons, bodies, since)
    name, data, truth = written(before, form)
    confirmed = judged(after, data, name, [taking])["confirmed"]
    assert confirmed - truth == set()
    proven = taking["whole"] and taking["certain"] and taking["sealed"] and taking["by"] != "shell"
    assert confirmed == set() or proven


@given(people, clinics, changes, forms, takings)
def test_3_less_evidence_never_moves_a_cell_toward_ruled_out(persons, bodies, since, form, taking) -> None:
    """Without the file, and without the word of the inventory. What a shell opened is the path `host`'s to say; a
    download from the web server that the inventory does not know is route's, as an unlisted page."""
    before, after = later(persons, bodies, since)
    name, data, _ = written(before, form)
    given_in = {**taking, "by": "sftp", "sealed": True}
    with_it = judged(after, data, name, [given_in])["ruled_out"]
    without = judged(after, data, name, [{**given_in, "sealed": False, "declared": False}])["ruled_out"]
    assert without <= with_it
    assert without == set()


@given(people, clinics, changes, forms, takings, takings)
def test_4_one_more_event_never_lowers_a_verdict(persons, bodies, since, form, taking, more) -> None:
    before, after = later(persons, bodies, since)
    name, data, _ = written(before, form)
    more = {**more, "sealed": taking["sealed"], "declared": taking["declared"]}
    once, twice = judged(after, data, name, [taking]), judged(after, data, name, [taking, more])
    assert once["confirmed"] <= twice["confirmed"]
    assert twice["ruled_out"] <= once["ruled_out"]


def test_the_very_dump_confirms_its_cells_and_nothing_else() -> None:
    before, after = later([WOMAN, WOMAN], [{"name": "鈴木 一郎", "bank": True}], [("come", 0)])
    name, data, truth = written(before, ("dump", ["holder", "bank"]))
    found = judged(after, data, name, [THE_VERY])
    assert found["confirmed"] == truth
    assert found["possible"] == set()
    assert ("holder:3", "name") in found["ruled_out"]


def test_a_row_without_any_link_is_nobodys() -> None:
    world = Population.of([WOMAN, {**WOMAN, "bank": False}], [])
    world.rows["bank"].append({"id": "7", "holder_id": None, "clinic_id": None, "number": "5550007"})
    name, data, _ = written(world, ("dump", ["bank"]))
    found = judged(world, data, name, [THE_VERY])
    assert (found["confirmed"], found["possible"]) == ({("holder:1", "bank_account")}, set())


def test_what_the_inventory_declares_is_possible_but_for_rows_made_after_the_last_time_of_writing() -> None:
    before, after = later([WOMAN], [], [("come", 0)])
    name, data, _ = written(before, ("dump", ["holder"]))
    taking = {"by": "shell", "whole": True, "certain": True, "sealed": False, "declared": True}
    found = judged(after, data, name, [taking])
    assert found["confirmed"] == set()
    assert {("holder:1", "name"), ("holder:1", "email")} <= found["possible"]
    assert ("holder:2", "name") in found["ruled_out"]


def rows_of_sheets() -> Iterator[tuple[Sequence[str], set[Cell]]]:
    yield (
        ["id", "name", "email"],
        {("holder:1", "name"), ("holder:1", "email"), ("holder:2", "name"), ("holder:2", "email")},
    )
    yield ["email"], {("holder:1", "email"), ("holder:2", "email")}


def test_a_sheet_confirms_what_one_person_alone_fits() -> None:
    world = Population.of([WOMAN, {**WOMAN, "name": "鈴木 一郎", "email": "b@example.com"}], [])
    for columns, expected in rows_of_sheets():
        name, data, _ = written(world, ("csv", columns))
        assert judged(world, data, name, [THE_VERY])["confirmed"] == expected
