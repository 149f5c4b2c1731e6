"""Dumps of sqlmap, psql and pg_dump: primary key and column say whose and what; null and empty are nobody's data."""

from pathlib import Path

import pytest

from drills.truth.dumps import UnreadableDumpError, cells_in_copy, cells_in_dump, values_in_dump
from drills.truth.holdings import Holdings


def _dump(folder: Path, table: str, text: str) -> Path:
    file = folder / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_row_of_a_record(tmp_path: Path, holdings: Holdings) -> None:
    dump = _dump(tmp_path, "policyholder", "id,kana,address\n2,ヤマダ カオル,東京都渋谷区神宮前1-2-3\n")
    assert cells_in_dump(dump, holdings) == {("policyholder:2", "name"), ("policyholder:2", "address")}


def test_a_row_that_belongs_to_a_record(tmp_path: Path, holdings: Holdings) -> None:
    dump = _dump(tmp_path, "bank_account", "id,bank_name\n5,みずほ銀行\n")
    assert cells_in_dump(dump, holdings) == {("policyholder:1", "bank_account")}


def test_null_and_empty_are_no_cells(tmp_path: Path, holdings: Holdings) -> None:
    dump = _dump(tmp_path, "quote", "id,name,phone,email\n9,鈴木 誠,<blank>,NULL\n")
    assert cells_in_dump(dump, holdings) == {("quote:9", "name")}


def test_a_row_that_never_existed_stops_the_drill(tmp_path: Path, holdings: Holdings) -> None:
    with pytest.raises(UnreadableDumpError, match="line 2"):
        cells_in_dump(_dump(tmp_path, "quote", "id,name\n999,鈴木 誠\n"), holdings)


def test_a_table_without_personal_data_gives_nothing(tmp_path: Path, holdings: Holdings) -> None:
    assert cells_in_dump(_dump(tmp_path, "pet", "id,name\n1,ポチ\n"), holdings) == set()


def test_values_are_spelled_as_on_the_page(tmp_path: Path) -> None:
    dump = _dump(tmp_path, "quote", 'id,address\n1,"1-2, ""A&B"""\n')
    assert values_in_dump(dump) == {"1", "1-2, &quot;A&amp;B&quot;"}


COPY = """--
-- PostgreSQL database dump
--

SELECT pg_catalog.set_config('search_path', '', false);

COPY public.quote (id, name, phone, email) FROM stdin;
{rows}\\.


-- PostgreSQL database dump complete
"""


def _pg_dump(folder: Path, rows: str) -> Path:
    file = folder / "quote.sql"
    file.write_text(COPY.format(rows=rows), encoding="utf-8")
    return file


def test_what_pg_dump_wrote(tmp_path: Path, holdings: Holdings) -> None:
    assert cells_in_copy(_pg_dump(tmp_path, "9\t鈴木 誠\t\t\\N\n"), holdings) == {("quote:9", "name")}
    assert cells_in_copy(_pg_dump(tmp_path, ""), holdings) == set()


def test_a_dump_that_broke_off_stops_the_drill(tmp_path: Path, holdings: Holdings) -> None:
    file = _pg_dump(tmp_path, "9\t鈴木 誠\t\t\\N\n")
    file.write_text(file.read_text(encoding="utf-8").partition("\\.")[0].rstrip(), encoding="utf-8")
    with pytest.raises(UnreadableDumpError, match="whole COPY"):
        cells_in_copy(file, holdings)
