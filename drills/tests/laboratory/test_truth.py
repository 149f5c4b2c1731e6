"""sqlmap's dump becomes cells."""

from drills.laboratory import truth
from drills.laboratory.truth import Cell


def test_a_row_of_the_dump_is_a_cell_a_column(tmp_path):
    dump = tmp_path / "dump.jsonl"
    dump.write_text('{"note": null, "name": "髙橋🍵"}\n{"note": "", "name": "a\\\\\\\\b"}\n', encoding="utf-8")
    assert truth.from_dump(dump, "person", ("name", "note"), 2) == [
        Cell("person", "name", 2, "髙橋🍵"),
        Cell("person", "note", 2, None),
        Cell("person", "name", 3, "a\\b"),
        Cell("person", "note", 3, ""),
    ]


def test_a_truth_is_read_as_it_was_written(tmp_path):
    cells = [Cell("person", "name", None, "花子"), Cell("person", "note", 0, None)]
    truth.write(cells, tmp_path / "truth.json")
    assert truth.read(tmp_path / "truth.json") == cells
