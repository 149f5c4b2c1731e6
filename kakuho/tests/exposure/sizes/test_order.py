"""When the order in which a table lies is shown by the sizes of a scan's answers."""

from __future__ import annotations

from collections.abc import Collection

from kakuho.exposure.methods.sizes.order import CHANCE, Row, order_shown

SIZES = [300 + (number * 7919) % 40 for number in range(1, 61)]
"""Of the answers that rows 1 to 60 give; forty different ones."""
SCAN = range(20, 40)


def _rows(changed: Collection[int] = (), gone: Collection[int] = ()) -> list[Row]:
    """The unchanged as they were filled in, what was changed since at the end, where PostgreSQL puts it."""
    there = [n for n in range(1, 61) if n not in gone and n not in changed] + sorted(changed)
    return [Row(str(n), n in changed, SIZES[n - 1]) for n in there]


def _answers(offsets: Collection[int], wrong: Collection[int] = ()) -> dict[int, int]:
    return {offset: SIZES[offset] + (offset in wrong) for offset in offsets}


def _named(rows: list[Row], answers: dict[int, int], *, lost: bool = False) -> tuple[list[int], list[int]] | None:
    shown = order_shown(rows, answers, 30.0, lost=lost)
    return None if shown is None else (list(map(int, shown.named.values())), sorted(map(int, shown.besides)))


def test_a_scan_whose_every_size_agrees_names_its_rows() -> None:
    assert _named(_rows(), _answers(SCAN)) == (list(range(21, 41)), [])


def test_one_size_that_does_not_agree_leaves_all_rows() -> None:
    assert _named(_rows(), _answers(SCAN, wrong=[30])) is None


def test_a_few_answers_could_agree_by_accident() -> None:
    """One or two of sixty rows give any one size."""
    assert _named(_rows(), _answers(range(20, 24))) is None
    shown = order_shown(_rows(), _answers(range(20, 27)), 30.0, lost=False)
    assert shown is not None
    assert 60**-7 <= shown.chance <= 30**-7 < CHANCE


def test_answers_that_are_all_alike_show_nothing() -> None:
    rows = [Row(str(n), False, 300) for n in range(1, 61)]
    assert _named(rows, dict.fromkeys(SCAN, 300)) is None


def test_another_order_does_not_explain_the_sizes() -> None:
    assert _named(_rows()[::-1], _answers(SCAN)) is None
    assert _named([*_rows()[1:], _rows()[0]], _answers(SCAN)) is None


def test_a_row_changed_since_is_taken_to_have_stood_where_its_key_belongs() -> None:
    """It is named whatever the size was; its own size then is not known. Elsewhere it stays, however unlikely."""
    assert _named(_rows(changed=[10]), _answers(SCAN)) == (list(range(21, 41)), [10])
    assert _named(_rows(changed=[30]), _answers(SCAN, wrong=[29])) == (list(range(21, 41)), [])


def test_where_a_changed_row_at_the_edge_may_have_stood_elsewhere_the_row_beside_it_counts_too() -> None:
    assert _named(_rows(changed=[21]), _answers(SCAN)) == (list(range(21, 41)), [20])
    assert _named(_rows(changed=[40]), _answers(SCAN)) == (list(range(21, 41)), [41])


def test_many_changed_rows_that_may_have_been_moved_before_all_count() -> None:
    """Every fourth row lies out of order, and sizes are alike: then a changed row may have stood anywhere."""
    sizes = [300 + number % 5 for number in range(1, 61)]
    moved = [*range(48, 61), 1, 2]
    there = [n for n in range(1, 61) if n not in moved and n not in (5, 6, 7)] + moved[::-1] + [5, 6, 7]
    then = [n for n in range(1, 61) if n not in moved]
    rows = [Row(str(n), n in (5, 6, 7), sizes[n - 1]) for n in there]
    answers = {offset: sizes[then[offset] - 1] for offset in SCAN}
    shown = order_shown(rows, answers, 5.0, lost=False)
    assert shown is not None
    assert sorted(map(int, shown.besides)) == [5, 6, 7]


def test_where_rows_may_have_been_deleted_their_keys_must_be_whole() -> None:
    assert _named(_rows(), _answers(SCAN), lost=True) == (list(range(21, 41)), [])
    assert _named(_rows(gone=[50]), _answers(SCAN)) == (list(range(21, 41)), [])
    assert _named(_rows(gone=[50]), _answers(SCAN), lost=True) is None


def test_a_row_out_of_order_may_have_been_moved_since_without_a_stamp() -> None:
    """It counts where it belongs near the end of the range: further in, the sizes behind it would disagree."""
    for moved, besides in ((40, [40]), (30, []), (10, [])):
        there = [n for n in range(1, 61) if n != moved] + [moved]
        rows = [Row(str(n), False, SIZES[n - 1]) for n in there]
        answers = {offset: SIZES[there[offset] - 1] for offset in SCAN}
        shown = order_shown(rows, answers, 30.0, lost=False)
        assert shown is not None
        assert sorted(map(int, shown.besides)) == besides


def test_of_two_rows_that_changed_places_at_the_edge_either_counts() -> None:
    there = [*range(1, 40), 41, 40, *range(42, 61)]
    rows = [Row(str(n), False, SIZES[n - 1]) for n in there]
    shown = order_shown(rows, {offset: SIZES[there[offset] - 1] for offset in SCAN}, 30.0, lost=False)
    assert shown is not None
    assert {"40", "41"} <= {*shown.named.values(), *shown.besides}


def test_keys_that_are_no_numbers_tell_an_order_only_where_nothing_was_written_since() -> None:
    rows = [Row(f"k{row.key}", False, row.size) for row in _rows()]
    assert order_shown(rows, _answers(SCAN), 30.0, lost=False) is None
    assert order_shown(rows, _answers(SCAN), 30.0, lost=False, still=True) is not None


def test_with_changed_rows_about_a_scan_with_holes_shows_nothing() -> None:
    offsets = [o for o in range(5, 55) if o != 30]
    assert _named(_rows(), _answers(offsets)) is not None
    assert _named(_rows(changed=[58]), _answers(offsets)) is None


def test_an_unknown_amount_that_is_in_every_answer_is_settled_by_the_first() -> None:
    more = {offset: size + 123 for offset, size in _answers(SCAN).items()}
    assert _named(_rows(), more) is None
    shown = order_shown(_rows(), more, 30.0, lost=False, relative=True)
    assert shown is not None
    assert list(shown.named.values()) == [str(n) for n in range(21, 41)]
    assert order_shown(_rows(), more | {30: 999}, 30.0, lost=False, relative=True) is None
