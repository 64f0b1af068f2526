"""The keyed model tells Qt precisely what changed."""

import pytest
from PySide6.QtCore import Qt
from widget_samples import sample_columns, sample_model, sample_row

from widgets.drag_keys import decode_keys
from widgets.live_table import KEY_ROLE, ROW_ROLE, Changes, KeyedTableModel
from widgets.live_table import model as model_module


@pytest.fixture
def model(qtmodeltester):
    made = sample_model(6)
    qtmodeltester.check(made, force_py=False)
    return made


def numbers(model):
    return [model.row_at(row).number for row in range(model.rowCount())]


def test_newest_row_is_on_top(model):
    model.apply([sample_row(2400)])
    assert numbers(model) == [2400, 2381, 2380, 2379, 2378, 2377, 2376]
    assert model.row_of("002400") == 0


def test_rows_arriving_together_are_one_insertion(model, qtbot):
    seen = []
    model.rowsInserted.connect(lambda parent, first, last: seen.append((first, last)))
    model.apply([sample_row(number) for number in (2390, 2391, 2392)])
    assert seen == [(0, 2)]


def test_changed_neighbours_are_told_as_one_range(model):
    seen = []
    model.dataChanged.connect(lambda first, last: seen.append((first.row(), last.row())))
    model.apply([sample_row(number, due=5.0) for number in (2381, 2380, 2376)])
    assert seen == [(0, 1), (5, 5)]


def test_equal_row_tells_nothing(model, qtbot):
    with qtbot.assertNotEmitted(model.applied), qtbot.assertNotEmitted(model.dataChanged):
        assert model.apply([sample_row(2381)]) == Changes()


def test_removal_of_unknown_key_is_ignored(model):
    assert model.apply(removals=["nothing"]) == Changes()


def test_key_both_upserted_and_removed_is_removed(model):
    model.apply([sample_row(2381, due=1.0), sample_row(9999)], ["002381", "009999"])
    assert numbers(model) == [2380, 2379, 2378, 2377, 2376]
    assert model.value("009999") is None


def test_double_key_is_refused_and_changes_nothing(model):
    with pytest.raises(ValueError, match="same key"):
        model.reset([sample_row(1), sample_row(1)])
    assert model.total == 6
    assert model.rowCount() == 6


def test_filter_hides_rows_but_keeps_them(model):
    model.set_filter(lambda row: row.number % 2 == 0)
    assert numbers(model) == [2380, 2378, 2376]
    assert model.total == 6
    assert model.value("002381") is not None
    assert model.row_of("002381") is None


def test_row_that_comes_to_pass_the_filter_appears_in_its_place(model):
    model.set_filter(lambda row: row.due < 100)
    model.apply([sample_row(2379, due=5.0), sample_row(2377, due=6.0)])
    assert numbers(model) == [2379, 2377]
    model.apply([sample_row(2379, due=500.0)])
    assert numbers(model) == [2377]


def test_sorted_row_moves_when_its_value_changes(model, qtbot):
    model.sort_by("due")
    key = model.key_at(5)
    with qtbot.waitSignal(model.rowsMoved):
        model.apply([sample_row(model.value(key).number, due=-1.0)])
    assert model.row_of(key) == 0


def test_unsorted_again_shows_the_newest_on_top(model):
    model.sort_by("due", descending=True)
    model.sort_by(None)
    assert numbers(model) == [2381, 2380, 2379, 2378, 2377, 2376]


def test_column_without_sort_key_is_refused_by_name_and_left_alone_by_header(model):
    with pytest.raises(ValueError, match="no sort_key"):
        model.sort_by("unit")
    model.sort(model.column_number("unit"))
    assert model.sorted_by == (None, False)


def test_persistent_index_follows_its_row_through_sort_and_filter(model):
    from PySide6.QtCore import QPersistentModelIndex

    index = QPersistentModelIndex(model.index(2, 0))
    key = index.data(KEY_ROLE)
    model.sort_by("due")
    assert index.data(KEY_ROLE) == key
    model.set_filter(lambda row: row.key != key)
    assert not index.isValid()


def test_many_pieces_are_told_as_one_layout_change(model, monkeypatch, qtbot):
    monkeypatch.setattr(model_module, "PIECES_AT_ONCE", 1)
    with qtbot.waitSignal(model.layoutChanged), qtbot.assertNotEmitted(model.rowsRemoved):
        model.apply(removals=["002381", "002379", "002377"])
    assert numbers(model) == [2380, 2378, 2376]


def test_gaps_are_packed_without_disturbing_rows(qtmodeltester):
    model = sample_model(4000)
    qtmodeltester.check(model, force_py=False)
    model.sort_by("due")
    shown = model.keys()
    for start in range(0, 3500, 500):
        model.apply(removals=shown[start : start + 500])
    assert model.keys() == shown[3500:]
    model.apply([sample_row(9000, due=-5.0)])
    assert model.key_at(0) == "009000"
    model.sort_by(None)
    assert model.key_at(0) == "009000"


def test_drag_carries_keys_once_from_the_top_down(model):
    indexes = [model.index(3, 0), model.index(1, 0), model.index(1, 1)]
    assert decode_keys(model.mimeData(indexes), model.mime_type) == ("002380", "002378")


def test_roles_give_text_key_row_and_reading(model):
    index = model.index(0, model.column_number("item"))
    assert index.data() == sample_row(2381).item
    assert index.data(KEY_ROLE) == "002381"
    assert index.data(ROW_ROLE) == sample_row(2381)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"小类 {sample_row(2381).item}"


def test_empty_model_passes_the_tester(qtmodeltester):
    qtmodeltester.check(KeyedTableModel(sample_columns(), key=lambda row: row.key), force_py=False)


def test_rows_prepared_elsewhere_are_adopted_in_the_order_of_now():
    model = KeyedTableModel(sample_columns(), key=lambda row: row.key)
    model.sort_by("due")
    prepared = model.prepare([sample_row(n) for n in (9, 8, 7)])
    model.sort_by("due", descending=True)
    model.set_filter(lambda row: row.key != "000008")
    model.adopt(prepared)
    straight = KeyedTableModel(sample_columns(), key=lambda row: row.key)
    straight.sort_by("due", descending=True)
    straight.set_filter(lambda row: row.key != "000008")
    straight.reset([sample_row(n) for n in (9, 8, 7)])
    assert model.keys() == straight.keys() and len(model.keys()) == 2


def test_a_filter_keeps_the_sort_of_rows_that_changed_while_they_were_hidden():
    model = KeyedTableModel(sample_columns(), key=lambda row: row.key)
    model.sort_by("due")
    rows = [sample_row(n, due=float(n)) for n in (1, 2, 3)]
    model.reset(rows)
    model.set_filter(lambda row: row.key != rows[0].key)
    model.apply([sample_row(1, due=99.0)])
    model.set_filter(None)
    assert model.keys() == [rows[1].key, rows[2].key, rows[0].key]
