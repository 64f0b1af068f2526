"""派遣 at the desk: at once on screen, confirmed or rolled back, undone."""

from uuid import uuid4

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from commandcenter.domain.model import Command
from tests.fakes.acting import act
from tests.fakes.population import actor
from tests.fakes.session import PEOPLE
from ui.screens.desk.case_menu import CaseMenu
from widgets.live_table import RowStateKind


def state_of(desk, case_id):
    return desk.queue.table.row_state(case_id).kind


def current(desk):
    return desk.queue.table.current_key()


def press(qtbot, desk, key, modifier=Qt.KeyboardModifier.NoModifier):
    desk.activateWindow()  # a window of an earlier test may have taken it
    desk.queue.table.setFocus()
    qtbot.waitUntil(desk.queue.table.hasFocus)
    qtbot.keyClick(desk.queue.table, key, modifier)


def drop(desk, keys, unit_id):
    card = next(card for card in desk.side.units.board.cards() if card.data.key == unit_id)
    model = desk.queue.rows.model
    mime = model.mimeData([model.index(model.row_of(key), 0) for key in keys])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(card.rect().center(), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(card, enter)
    event = QDropEvent(QPointF(card.rect().center()), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(card, event)
    return enter.isAccepted()


def test_key_1_shows_sending_at_once_and_the_row_leaves_when_confirmed(desk, city, qtbot):
    case_id, door = current(desk), desk.place.backend.session.commands.door
    unit = desk.side.units.board.card_for_hotkey(1)
    door.close()
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: state_of(desk, case_id) is RowStateKind.SENDING)  # while the answer is held at the door
    door.open()
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(case_id) is None)
    assert city.row(case_id).unit_id == unit
    assert desk.place.live.picture.counts["filed"] == desk.queue.rows.model.rowCount() == 5


def test_a_drop_of_several_rows_on_a_card_dispatches_them_all(desk, city, qtbot):
    keys = desk.queue.rows.model.keys()[:3]
    unit = next(card.data.key for card in desk.side.units.board.cards() if card.data.hotkey is None)
    assert drop(desk, keys, unit)
    qtbot.waitUntil(lambda: all(city.row(key).unit_id == unit for key in keys))
    qtbot.waitUntil(lambda: desk.queue.rows.model.rowCount() == 3)


def test_the_row_rolls_back_with_the_name_of_who_was_first(desk, city, qtbot, texts):
    case_id, feed = current(desk), desk.place.backend.session.feed
    feed.held = True
    row = city.row(case_id)
    act(city, PEOPLE["dispatcher2"], Command(uuid4(), case_id, row.version, "dispatch", {"unit_id": row.street_id}))
    city.now += 12
    feed.push()
    qtbot.waitUntil(lambda: desk.place.live.clock.now() >= city.now)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: state_of(desk, case_id) is RowStateKind.FAILED)
    street = desk.place.words.unit(row.street_id)
    note = desk.queue.table.row_state(case_id).note
    assert note.startswith("李晓燕 · ") and note.endswith(f"秒前已派{street}")
    assert note in texts()[0]
    assert desk.queue.rows.model.row_of(case_id) is not None


def test_a_refused_row_goes_where_it_belongs_after_a_while(desk, city, qtbot, monkeypatch):
    monkeypatch.setattr("ui.screens.desk.queue_pane._LINGER_MS", 0)
    case_id, row = current(desk), city.row(current(desk))
    desk.place.backend.session.feed.held = True
    act(city, PEOPLE["dispatcher2"], Command(uuid4(), case_id, row.version, "dispatch", {"unit_id": row.street_id}))
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(case_id) is None)


def test_ctrl_z_takes_the_dispatch_back(desk, city, qtbot, texts):
    case_id = current(desk)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: any("已派" in text for text in texts()))
    press(qtbot, desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: city.row(case_id).state == "filed")
    qtbot.waitUntil(lambda: desk.place.live.row(case_id).state == "filed")
    assert desk.queue.rows.model.row_of(case_id) is not None


def test_undo_after_the_unit_accepted_says_who_did_what(desk, city, qtbot, texts):
    case_id = current(desk)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: any("已派" in text for text in texts()))
    act(city, actor(4), Command(uuid4(), case_id, city.row(case_id).version, "receive", {}))
    desk.dispatching.undo()
    qtbot.waitUntil(lambda: any("不能撤销" in text for text in texts()))
    assert "陈立" in texts()[0] and "已接收" in texts()[0]
    assert city.row(case_id).state == "in_progress"


def test_nothing_to_undo_is_said(desk, texts):
    desk.dispatching.undo()
    assert "没有可以撤销" in texts()[0]


def test_a_lost_answer_is_asked_for_and_nothing_is_done_twice(desk, city, qtbot):
    desk.place.deeds._performer._once._wait = lambda seconds: None
    commands, case_id = desk.place.backend.session.commands, current(desk)
    commands.lose_answer = True
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(case_id) is None)
    assert len(commands.done) == 1 and city.row(case_id).state == "dispatched"


def test_nothing_is_sent_while_disconnected_and_the_selection_stays(desk, city, qtbot, texts):
    case_id = current(desk)
    desk.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: not desk.place.live.online)
    press(qtbot, desk, Qt.Key.Key_1)
    assert city.row(case_id).state == "filed" and current(desk) == case_id
    assert "连接已断开" in texts()[0]


def test_a_drag_dims_cards_that_may_not_take_the_case(make_desk, city):
    desk = make_desk(city, queue="running")
    key = desk.queue.rows.model.key_at(0)
    reasons = {desk.side.units._why_not((key,), card.data.key) for card in desk.side.units.board.cards()}
    assert reasons and None not in reasons


def test_after_ones_own_dispatch_the_next_case_is_selected(desk, qtbot):
    first, second = desk.queue.rows.model.keys()[:2]
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(first) is None)
    assert current(desk) == second and desk.queue.table.selected_keys() == [second]


def test_a_case_that_another_took_away_leaves_nothing_selected(desk, city, qtbot):
    case_id = current(desk)
    row = city.row(case_id)
    act(city, PEOPLE["dispatcher2"], Command(uuid4(), case_id, row.version, "dispatch", {"unit_id": row.street_id}))
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(case_id) is None)
    assert desk.queue.table.selected_keys() == [] and current(desk) is None
    qtbot.waitUntil(lambda: desk.case.trace.isVisible() and not desk.case.head.isVisible())


def test_several_dispatched_at_once_step_on_to_the_row_that_took_the_first_place(desk, qtbot):
    keys = desk.queue.rows.model.keys()
    desk.queue.table.select_keys([keys[1], keys[3]])
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.queue.rows.model.rowCount() == 4)
    assert desk.queue.table.selected_keys() == [keys[2]]


def test_several_that_leave_one_after_the_other_step_on_to_the_same_row(desk, city, qtbot):
    keys, live = desk.queue.rows.model.keys(), desk.place.live
    desk.queue.table.select_keys([keys[1], keys[3]])
    unit = city.row(keys[1]).street_id
    for key in (keys[1], keys[3]):
        desk.place.backend.announce([key])
        row = city.row(key)
        act(city, PEOPLE["dispatcher"], Command(uuid4(), key, row.version, "dispatch", {"unit_id": unit}))
        qtbot.waitUntil(lambda k=key: live.row(k).state == "dispatched")
    assert desk.queue.table.selected_keys() == [keys[2]]


def test_the_undo_button_is_there_for_the_mouse_and_brings_the_case_back_selected(desk, city, qtbot):
    case_id = current(desk)
    assert not desk.undo_button.isEnabled()
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.undo_button.isEnabled() and current(desk) not in (case_id, None))
    desk.undo_button.click()
    qtbot.waitUntil(lambda: city.row(case_id).state == "filed" and current(desk) == case_id)
    assert not desk.undo_button.isEnabled()


def test_the_row_menu_offers_units_and_deeds(desk, city, qtbot):
    case_id, unit = current(desk), desk.side.units.board.card_for_hotkey(1)
    desk.queue.table.context_menu_requested.emit(case_id, desk.mapToGlobal(desk.rect().center()))
    menu = desk.findChild(CaseMenu)
    said = [entry.text() for entry in menu.actions() if entry.text()]
    assert said[0] == f"派给 {desk.place.words.unit(unit)}\t1" and "补充说明" in said
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: city.row(case_id).unit_id == unit)


def test_several_that_are_taken_back_are_selected_again(desk, city, qtbot):
    keys = desk.queue.rows.model.keys()[:2]
    desk.queue.table.select_keys(keys)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.undo_button.isEnabled() and desk.queue.rows.model.rowCount() == 4)
    desk.undo_button.click()
    qtbot.waitUntil(lambda: sorted(desk.queue.table.selected_keys()) == sorted(keys))
    assert {city.row(key).state for key in keys} == {"filed"}


class Seen(QObject):
    """Counts the events of a kind that a widget gets."""

    def __init__(self, widget, kind):
        super().__init__(widget)
        self.kind, self.count = kind, 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() == self.kind
        return False


def test_between_two_cases_nothing_is_shown_as_empty_and_the_queue_is_drawn_before_the_rest(desk, qtbot):
    first = current(desk)
    hidden, drawn = Seen(desk.case.head, QEvent.Type.Hide), Seen(desk.queue.table.viewport(), QEvent.Type.Paint)
    told = []
    desk.queue.rows.left_queue.connect(lambda _gone: told.append(("queue", drawn.count)))
    board = desk.side.units.board
    inner, board.set_sections = board.set_sections, lambda sections: (
        told.append(("cards", drawn.count)), inner(sections))
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: [what for what, _ in told] == ["queue", "cards"])
    assert told[1][1] > told[0][1], "the cards came before the queue stood without the row"
    assert desk.queue.rows.model.row_of(first) is None and hidden.count == 0
    assert desk.case.head._title.text() == desk.place.case_title(desk.place.live.row(current(desk)))


def test_a_number_pressed_before_the_cards_are_drawn_means_the_case_selected_now(desk, city, qtbot):
    second = desk.queue.rows.model.key_at(1)
    desk.queue.table.set_current(second)
    wanted = desk.side.units.suggestions()[0].unit_id
    desk.side.units.send_to_hotkey(1)
    assert state_of(desk, second) is RowStateKind.SENDING
    qtbot.waitUntil(lambda: city.row(second).unit_id == wanted)


def test_what_is_taken_back_before_it_was_said_offers_nothing_any_more(desk, city, qtbot, texts, monkeypatch):
    monkeypatch.setattr("ui.screens.desk.dispatching._SAID_AFTER_MS", 200)
    case_id = current(desk)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.dispatching.can_undo)
    desk.dispatching.undo()
    qtbot.waitUntil(lambda: any("已撤销" in text for text in texts()))
    qtbot.wait(250)  # nothing may come: there is no condition to wait for
    assert not any("Ctrl+Z 撤销" in text for text in texts()) and city.row(case_id).state == "filed"
