"""What counts as right, undecided and wrong."""

from drills.laboratory.scoring import Value, score, values_of
from drills.laboratory.truth import Cell

ANA = Cell("person", "name", 0, "Ana")
HANA = Cell("person", "name", 1, "花子")
NO_NOTE = Cell("person", "note", 0, None)


def _given(value, *, column="name", row=None, complete=True, query="SELECT name FROM person", table="person"):
    return Value(query, table, column, row, value, complete)


def _counts(result):
    return (result.true, result.right, result.undecided, result.wrong)


def test_a_value_of_its_row_is_right():
    assert _counts(score([_given("Ana", row=0), _given("花子", row=1)], [ANA, HANA])) == (2, 2, 0, 0)


def test_two_values_in_each_others_row_are_both_wrong():
    assert _counts(score([_given("花子", row=0), _given("Ana", row=1)], [ANA, HANA])) == (2, 0, 0, 2)


def test_without_a_row_the_value_finds_its_cell():
    assert _counts(score([_given("花子"), _given("Ana")], [ANA, HANA])) == (2, 2, 0, 0)


def test_truth_without_rows_is_matched_by_value():
    truth = [Cell("person", "name", None, "Ana"), Cell("person", "name", None, "花子")]
    assert _counts(score([_given("Ana", row=7), _given("花子", row=8)], truth)) == (2, 2, 0, 0)


def test_what_is_not_complete_is_undecided_even_where_it_reads_well():
    assert _counts(score([_given("An�", row=0, complete=False)], [ANA])) == (1, 0, 1, 0)
    assert _counts(score([_given("An", complete=False)], [ANA, HANA])) == (2, 0, 2, 0)
    assert _counts(score([_given("Ana", row=0, complete=False)], [ANA])) == (1, 0, 1, 0)


def test_a_wrong_letter_in_an_incomplete_value_is_wrong():
    assert _counts(score([_given("B�a", row=0, complete=False)], [ANA])) == (1, 0, 1, 1)
    assert _counts(score([_given("�子", row=0, complete=False)], [ANA, HANA])) == (2, 0, 2, 1)


def test_what_is_missing_is_undecided():
    assert _counts(score([], [ANA])) == (1, 0, 1, 0)


def test_one_wrong_letter_given_as_certain_is_wrong():
    assert _counts(score([_given("Anb", row=0)], [ANA])) == (1, 0, 0, 1)
    assert _counts(score([_given("Anb")], [ANA])) == (1, 0, 1, 1)


def test_a_right_value_does_not_hide_a_wrong_one_of_the_same_cell():
    assert _counts(score([_given("Ana", row=0), _given("Anb", row=0)], [ANA])) == (1, 0, 0, 1)


def test_the_blank_that_travels_for_null_is_null():
    assert _counts(score([_given(" ", column="note", row=0)], [NO_NOTE])) == (1, 1, 0, 0)
    assert _counts(score([_given("", column="note", row=0)], [NO_NOTE])) == (1, 0, 0, 1)


def test_a_scan_that_took_nothing_has_no_value():
    assert _counts(score([_given("8", query="SELECT 8", table=None, column=None)], [])) == (0, 0, 0, 1)


def test_a_column_that_was_not_taken_has_no_value():
    assert _counts(score([_given("Ana", row=0), _given("x@example.jp", column="mail")], [ANA])) == (1, 1, 0, 1)


def test_the_number_of_persons_is_five():
    def count(number):
        return _given(number, query="SELECT COUNT(*) FROM person", column=None)

    assert _counts(score([_given("Ana", row=0), count("5")], [ANA])) == (1, 1, 0, 0)
    assert _counts(score([_given("Ana", row=0), count("4")], [ANA])) == (1, 1, 0, 1)


def test_hidden_values_are_named_not_read():
    named = _given(None, row=0, complete=False)
    assert _counts(score([named], [ANA, HANA], hidden=True)) == (2, 1, 1, 0)
    whole_table = _given(None, complete=False)
    assert _counts(score([whole_table], [ANA, HANA], hidden=True)) == (2, 2, 0, 0)
    assert _counts(score([_given("Bob", row=0)], [ANA], hidden=True)) == (1, 1, 0, 1)


def test_schema_and_quotes_are_cut_from_names():
    value = {"query": "q", "table": 'public."person"', "column": "NAME", "row": "3", "value": "x", "complete": True}
    assert values_of([{"values": [value]}]) == [Value("q", "person", "name", 3, "x", True)]


def test_an_incomplete_value_without_a_row_may_become_any():
    truth = [Cell("person", "name", None, "Ana"), Cell("person", "name", None, "花子")]
    assert _counts(score([_given("A�", complete=False)], truth)) == (2, 0, 2, 0)


def test_two_cells_of_the_same_value_need_it_twice():
    truth = [Cell("person", "name", None, "Ana"), Cell("person", "name", None, "Ana")]
    assert _counts(score([_given("Ana")], truth)) == (2, 1, 1, 0)
    assert _counts(score([_given("Ana"), _given("Ana")], truth)) == (2, 2, 0, 0)


def test_digits_of_an_incomplete_hexadecimal_value_are_judged_as_digits():
    def digits(text):
        return _given(text, row=1, complete=False, query="SELECT HEX(name) FROM person")

    assert _counts(score([digits("E88���E5AD�0")], [HANA])) == (1, 0, 1, 0)
    assert _counts(score([digits("���子")], [HANA])) == (1, 0, 1, 0)
    assert _counts(score([digits("F88�")], [HANA])) == (1, 0, 1, 1)
