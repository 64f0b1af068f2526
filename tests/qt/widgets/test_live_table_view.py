"""The live table's view: a steady hand, states, signals, drag."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton
from widget_samples import sample_drag_card, sample_model, sample_row, sample_stripe

from widgets.drag_keys import decode_keys
from widgets.live_table import Column, KeyedTableModel, LiveTableView, RowState, RowStateKind, StateKind, TableState
from widgets.live_table.drag import drag_pixmap
from widgets.live_table.layout import column_widths
from widgets.notice import Notice
from widgets.state_panel import StatePanel
from widgets.theme import apply_theme, current_theme, load_theme


@pytest.fixture
def view(qtbot):
    made = LiveTableView()
    qtbot.addWidget(made)
    model = sample_model(100)
    model.setParent(made)
    made.setModel(model)
    made.set_clock(lambda: 0.0)
    made.set_stripe(sample_stripe)
    made.set_drag_card(sample_drag_card)
    made.resize(1100, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def point_at(view, y):
    at = QPointF(50, y)
    event = QMouseEvent(QEvent.Type.MouseMove, at, view.viewport().mapToGlobal(at), Qt.MouseButton.NoButton,
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def key_at(view, y):
    return view.model().key_at(view.rowAt(y))


def shown_pixels(view):
    image = view.viewport().grab().toImage()
    return bytes(image.constBits())


def test_untouched_table_at_the_top_shows_new_rows(view):
    view.model().apply([sample_row(3000)])
    assert key_at(view, 5) == "003000"
    assert view.unseen == 0


def test_scrolled_table_stays_and_counts_what_arrived(view, qtbot):
    view.verticalScrollBar().setValue(333)
    before = key_at(view, 5)
    with qtbot.waitSignal(view.arrived) as told:
        view.model().apply([sample_row(3000), sample_row(3001)])
    assert key_at(view, 5) == before
    assert told.args == [2]
    view.model().apply([sample_row(3002)])
    assert view.unseen == 3


def test_row_under_the_pointer_stays_also_at_the_top(view):
    point_at(view, 100)
    before = key_at(view, 100)
    view.model().apply([sample_row(3000)])
    view.model().apply([sample_row(3001)])
    assert key_at(view, 100) == before
    assert view.unseen == 2


def test_row_under_the_pointer_stays_when_rows_above_go(view):
    view.verticalScrollBar().setValue(400)
    point_at(view, 100)
    before = key_at(view, 100)
    view.model().apply(removals=view.model().keys()[:3])
    assert key_at(view, 100) == before


def test_pointer_gone_lets_new_rows_show_again(view):
    point_at(view, 100)
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    view.model().apply([sample_row(3000)])
    assert key_at(view, 5) == "003000"


def test_arrived_button_goes_to_the_top_and_forgets(view, qtbot):
    view.verticalScrollBar().setValue(333)
    view.model().apply([sample_row(3000)])
    button = next(b for b in view.viewport().findChildren(QPushButton) if "新到 1 件" in b.text())
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.verticalScrollBar().value() == 0
    assert view.unseen == 0
    assert not button.isVisible()


def test_selection_stays_with_its_keys(view):
    view.select_keys(["002378", "002374"])
    view.model().apply([sample_row(3000)], ["002380"])
    view.model().sort_by("due")
    assert sorted(view.selected_keys()) == ["002374", "002378"]


def test_selected_rows_filtered_out_are_no_longer_selected(view):
    view.select_keys(["002378", "002375"])
    view.model().set_filter(lambda row: row.number != 2375)
    assert view.selected_keys() == ["002378"]


@pytest.mark.parametrize("pieces", [0, 300])
def test_current_row_taken_away_leaves_no_current_row(view, qtbot, monkeypatch, pieces):
    from widgets.live_table import model as model_module

    monkeypatch.setattr(model_module, "PIECES_AT_ONCE", pieces)
    view.set_current("002378")
    view.model().apply(removals=["002378"])
    assert view.current_key() is None
    assert view.selected_keys() == []


def test_caller_can_step_on_after_a_row_went(view, qtbot):
    view.set_current("002378")
    with qtbot.waitSignal(view.current_removed) as told:
        view.model().apply(removals=["002378"])
    view.set_current_row(told.args[0])
    assert view.current_key() == "002377"


def test_current_and_selection_are_told_by_key(view, qtbot):
    with qtbot.waitSignals([view.current_changed, view.selection_changed]):
        view.set_current("002379")
    assert view.current_key() == "002379"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.current_key() == "002378"
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_keys() == ["002378", "002377"]


def test_enter_activates_the_current_key(view, qtbot):
    view.set_current("002379")
    with qtbot.waitSignal(view.activated_key) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["002379"]


def test_digits_do_not_search(view, qtbot):
    view.set_current("002379")
    qtbot.keyClick(view, Qt.Key.Key_1)
    assert view.current_key() == "002379"


def test_context_menu_tells_key_and_place(view, qtbot):
    point = QPoint(40, 45)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, view.viewport().mapToGlobal(point))
    with qtbot.waitSignal(view.context_menu_requested) as told:
        QApplication.sendEvent(view.viewport(), event)
    assert told.args[0] == key_at(view, 45)


def test_header_click_sorts_up_down_and_not(view, qtbot):
    model, number = view.model(), view.model().column_number("due")
    clicked = view.horizontalHeader().sectionClicked
    seen = []
    for _ in range(3):
        clicked.emit(number)
        seen.append(model.sorted_by)
    assert seen == [("due", False), ("due", True), (None, False)]
    clicked.emit(model.column_number("unit"))
    assert model.sorted_by == (None, False)


def test_row_states_show_and_go(view):
    plain = shown_pixels(view)
    view.set_reduced_motion(True)
    for kind in (RowStateKind.SENDING, RowStateKind.FAILED, RowStateKind.HELD):
        view.set_row_state("002378", RowState(kind, "王 · 12 秒前已派区城管委"))
        assert shown_pixels(view) != plain
    view.set_row_state("002378", RowState())
    assert shown_pixels(view) == plain


def test_failed_row_flashes_and_comes_to_rest(view, qtbot):
    view.set_row_state("002378", RowState(RowStateKind.FAILED, "已被派走"))
    assert view._states.in_motion
    qtbot.waitUntil(lambda: not view._states.in_motion)
    assert view.row_state("002378").kind is RowStateKind.FAILED


def test_state_of_a_removed_row_is_forgotten(view):
    view.set_row_state("002378", RowState(RowStateKind.SENDING, "…"))
    view.model().apply(removals=["002378"])
    view.model().apply([sample_row(2378)])
    assert view.row_state("002378") == RowState()


def test_tick_repaints_only_live_cells_and_stripe(view, qtbot):
    now = [0.0]
    view.set_clock(lambda: now[0])
    before = view.viewport().grab().toImage()
    now[0] = 61.0
    view.tick()
    after = view.viewport().grab().toImage()
    due = view.model().column_number("due")
    left = view.columnViewportPosition(due)
    assert before.copy(0, 0, left, 600) == after.copy(0, 0, left, 600)
    assert before.copy(left, 0, 200, 600) != after.copy(left, 0, 200, 600)


def test_ticks_only_while_visible(view):
    assert view._ticker.running
    view.hide()
    assert not view._ticker.running


def test_empty_state_shows_only_without_rows(view):
    view.set_state(TableState(StateKind.EMPTY, "没有待派遣案件"))
    panel = view.viewport().findChild(StatePanel)
    assert not panel.isVisible()
    view.model().apply(removals=view.model().keys())
    assert panel.isVisible()
    assert panel.accessibleName() == "没有待派遣案件"
    view.model().apply([sample_row(1)])
    assert not panel.isVisible()


def test_lost_connection_leaves_rows_readable(view, qtbot):
    view.set_state(TableState(StateKind.DISCONNECTED, "与服务器断开", "自 14:32:07", "立即重连"))
    strip = view.viewport().findChild(Notice)
    assert strip.isVisible()
    assert strip.height() < view.viewport().height() // 4
    with qtbot.waitSignal(view.state_action):
        strip.action_triggered.emit()


def test_filtering_everything_out_shows_the_empty_state(view):
    view.set_state(TableState(StateKind.EMPTY, "没有符合筛选的案件"))
    view.model().set_filter(lambda row: False)
    assert view.viewport().findChild(StatePanel).isVisible()


def test_drag_carries_the_selection_and_tells_its_end(view, qtbot, monkeypatch):
    carried = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: carried.append(drag.mimeData()) or Qt.DropAction.CopyAction)
    view.select_keys(["002378", "002374"])
    with qtbot.waitSignals([view.drag_started, view.drag_finished]):
        view.startDrag(Qt.DropAction.CopyAction)
    assert decode_keys(carried[0], "application/x-sample") == ("002378", "002374")


def test_drag_card_is_drawn_for_one_and_many(view):
    one = drag_pixmap(sample_drag_card([sample_row(3)]), current_theme(), 1.0)
    many = drag_pixmap(sample_drag_card([sample_row(3), sample_row(4)]), current_theme(), 2.0)
    assert many.height() > 2 * one.height()


@pytest.mark.parametrize("width", [500, 900, 1600])
def test_countdown_is_in_sight_at_any_width(view, width):
    view.resize(width, 600)
    due = view.model().column_number("due")
    assert not view.isColumnHidden(due)
    assert view.columnViewportPosition(due) + view.columnWidth(due) <= view.viewport().width()


def test_narrow_table_hides_columns_in_their_order(view):
    view.resize(820, 600)
    hidden = [column.key for n, column in enumerate(view.model().columns) if view.isColumnHidden(n)]
    assert hidden == ["kind", "source"]


def test_theme_change_redraws_rows_in_its_colours_and_heights(view):
    before = shown_pixels(view)
    apply_theme(QApplication.instance(), load_theme("light", "compact"))
    try:
        assert shown_pixels(view) != before
        assert view.rowHeight(0) == load_theme("light", "compact").sizes.row_height
    finally:
        apply_theme(QApplication.instance(), load_theme("dark"))
    assert shown_pixels(view) == before


def test_tab_leaves_the_table(view):
    assert not view.tabKeyNavigation()


def test_former_model_is_let_go(view):
    former, other = view.model(), sample_model(3)
    other.setParent(view)
    view.setModel(other)
    former.apply([sample_row(5000)])
    assert view.model().rowCount() == 3
    assert view.unseen == 0


def test_note_on_a_narrow_row_leaves_no_sliver_of_a_chip(view):
    view.resize(560, 600)
    view.set_row_state("002378", RowState(RowStateKind.HELD, "王 查看中，已打开很久"))
    assert shown_pixels(view)


def test_a_selected_row_that_a_filter_hides_or_a_reset_drops_is_told(view, qtbot):
    model, key = view.model(), view.model().key_at(2)
    view.set_current(key)
    with qtbot.waitSignals([view.selection_changed, view.current_changed]):
        model.set_filter(lambda row: row.key != key)
    assert view.selected_keys() == [] and view.current_key() is None
    view.set_current_row(0)
    with qtbot.waitSignals([view.selection_changed, view.current_changed]):
        model.reset([])


def test_a_firm_column_keeps_its_width_where_others_are_narrowed():
    columns = [Column("a", "甲", 100), Column("b", "乙", 100, firm=True), Column("c", "丙", 100, hide_order=1)]
    assert column_widths(columns, 180, 1.0, 0, {}) == [80, 100, 0]
    assert column_widths(columns, 200, 1.0, 0, {}) == [100, 100, 0]


def test_words_from_elsewhere_are_drawn_and_placed_anew(qtbot):
    said = {1: "甲", 2: "乙"}
    model = KeyedTableModel([Column("w", "词", text=said.get, sort_key=said.get)], lambda row: row)
    model.reset([1, 2])
    model.sort_by("w")
    table = LiveTableView()
    table.setModel(model)
    qtbot.addWidget(table)
    table.resize(400, 200)
    table.show()
    before = (model.keys(), table.grab().toImage())
    said[1] = "丁" if model.keys()[0] == 1 else ""
    changes = []
    model.applied.connect(changes.append)
    model.renew([1, 99])
    assert [change.updated for change in changes] == [(1,)]
    assert model.keys() == sorted([1, 2], key=said.get)
    assert table.grab().toImage() != before[1]
    model.renew([99])
    assert len(changes) == 1


def test_a_plain_click_names_its_cell(view, qtbot):
    told = []
    view.cell_clicked.connect(lambda *cell: told.append(cell))
    place = view.visualRect(view.model().index(1, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert told == [(view.model().key_at(1), view.model().columns[2].key)]
