"""Whistles in the window: tabs, words of the command line, keys that belong to the screen in sight, the composer."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from shiboken6 import isValid

from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.fakes.session import PEOPLE
from tests.qt.ui.whistle_board import CITY_BOARD, column_of, elsewhere, row_of
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.screens.whistle.screen import JointScreen


@pytest.fixture
def open_window(make_place, qapp, qtbot, city, tmp_path):
    """open_window(person): a window over the evening, its desk and its whistles read."""
    def make(who="supervisor"):
        the_evening(city)
        place = make_place(city, who)
        made = MainWindow(place, Looks(qapp, Preferences(tmp_path)), Preferences(tmp_path))
        qtbot.addWidget(made)
        made.resize(1600, 900)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        place.live.begin()
        qtbot.waitUntil(lambda: made.desk.complete and place.joint.ready, timeout=10_000)
        return made
    return make


@pytest.fixture
def window(open_window):
    return open_window()


def whistles(window, qtbot):
    screen = window.joint_screen("whistle")
    qtbot.waitUntil(lambda: screen.complete, timeout=10_000)
    return screen


def said(window):
    return [f"{note.text} {note.detail}" for note in window.place.notices.notes()]


def test_each_screen_has_its_tab_and_keeps_what_it_showed(window, qtbot):
    names = [tab.objectName() for tab in window.bar._tabs.buttons()]
    assert names[:3] == ["dispatch", "whistle", "order"]
    screen = whistles(window, qtbot)
    screen.show_row(row_of(screen, 6))
    window.show_screen("dispatch")
    assert window.shown is window.desk
    window.bar.screen_chosen.emit("whistle")
    assert window.shown is screen and screen.opened.id == joint_id(6)


def test_a_screen_is_made_when_it_is_first_wanted(window):
    assert not window.findChildren(JointScreen)
    window.show_screen("order")
    assert [s.kind for s in window.findChildren(JointScreen)] == ["order"]


def test_words_lead_to_the_screens_and_numbers_to_their_card(window, qtbot):
    window.verbs.run("吹哨")
    assert window.open_joint().kind == "whistle"
    window.verbs.run("哨 6")
    assert window.open_joint().opened.id == joint_id(6)
    window.verbs.run("LH-20250618-0022")
    assert window.open_joint().kind == "order" and window.open_joint().opened.id == joint_id(22)


def test_one_that_is_over_is_found_by_its_number(window, qtbot):
    window.verbs.run("哨 CS-20250616-0012")
    qtbot.waitUntil(lambda: window.open_joint() is not None and window.open_joint().opened is not None)
    assert window.open_joint().opened.id == joint_id(12)


def test_a_number_that_is_nowhere_is_said(window, qtbot):
    window.verbs.run("哨 9999")
    qtbot.waitUntil(lambda: any("没有吹哨或令 9999" in text for text in said(window)))


def test_every_action_on_the_open_one_has_its_word(window, qtbot, city):
    screen = whistles(window, qtbot)
    with pytest.raises(VerbError, match="先打开"):
        window.verbs.run("签批吹哨")
    screen.show_row(row_of(screen, 1))
    window.verbs.run("签批吹哨")
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    with pytest.raises(VerbError, match="现在不能签批吹哨"):
        window.verbs.run("签批吹哨")


def test_a_lane_is_named_by_its_unit(window, qtbot):
    screen = whistles(window, qtbot)
    screen.show_row(row_of(screen, 6))
    window.verbs.run("到场存疑 生态环境")
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    assert screen.summons.form.step.party_no == 2
    with pytest.raises(VerbError, match="没有“水务”"):
        window.verbs.run("到场存疑 水务")
    assert [s.title for s in window.verbs.complete("到场存疑 ")] == ["到场存疑 区市场监管局", "到场存疑 区生态环境局"]


def test_the_same_word_means_the_desks_case_on_the_desk(window, qtbot):
    screen = whistles(window, qtbot)
    screen.show_row(row_of(screen, 6))
    window.verbs.run("补充说明")
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    window.show_screen("dispatch")
    window.verbs.run("补充说明")
    qtbot.waitUntil(lambda: window.desk.side.form_open)


def test_the_filter_word_filters_the_board_in_sight(window, qtbot):
    screen = whistles(window, qtbot)
    window.verbs.run("筛选 消防")
    assert set(screen.board.board.keys()) == {joint_id(n) for n in (2, 3, 4)}
    window.verbs.run("筛选")
    assert len(screen.board.board.keys()) == 11


def test_the_desks_keys_rest_while_whistles_are_in_sight(window, city, qtbot):
    screen = whistles(window, qtbot)
    before = {record.row.state for record in city.records.values()}
    screen.board.focus_board()
    qtbot.keyClick(screen.board.board.columns[0].list, Qt.Key.Key_1)
    qtbot.wait(50)
    assert {record.row.state for record in city.records.values()} == before


def test_a_case_of_a_whistle_opens_on_the_desk(window, qtbot, city):
    screen = whistles(window, qtbot)
    case_id = row_of(screen, 3).cases[0]
    screen.case_wanted.emit(case_id)
    assert window.shown is window.desk
    qtbot.waitUntil(lambda: window.desk.case.file is not None and window.desk.case.file.row.id == case_id)


def test_a_reminder_of_an_order_opens_it_on_its_board(window, qtbot):
    window.open_matter("summons", joint_id(22))
    qtbot.waitUntil(lambda: window.open_joint() is not None and window.open_joint().kind == "order")
    assert window.open_joint().opened.id == joint_id(22)


class Opening(QObject):
    """Remembers what was shown as a window of its own."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and watched.isWidgetType() and watched.isWindow():
            self.seen.append(watched)
        return False


def test_no_part_of_the_screen_ever_flashes_up_as_a_window(window, qtbot, qapp):
    opening = Opening()
    qapp.installEventFilter(opening)
    screen = whistles(window, qtbot)
    for number in (1, 6, 10, 4):
        screen.show_row(row_of(screen, number))
        qtbot.waitUntil(lambda: screen.summons.complete)
    screen.compose()
    qtbot.waitUntil(lambda: screen.composer.form is not None)
    qapp.removeEventFilter(opening)
    assert opening.seen == []


def test_the_composer_opens_by_key_button_and_word_and_keeps_what_is_typed(window, qtbot, city):
    screen = whistles(window, qtbot)
    qtbot.keyClick(screen, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: screen.composer is not None)
    qtbot.waitUntil(lambda: screen.composer.form is not None)
    made = screen.composer
    screen.show_row(row_of(screen, 6))
    screen.close_summons()
    assert screen.composer is made and made.isVisible()
    window.verbs.run("拟哨")
    assert screen.composer is made
    made.cancelled.emit()
    assert screen.composer is None and screen.list.isVisible()


def test_what_was_composed_is_opened(window, qtbot):
    from commandcenter.domain.joint import JointDone
    screen = whistles(window, qtbot)
    screen.compose()
    screen.composer.done.emit(JointDone("summons", joint_id(1), "CS", 1, "draft", 1))
    qtbot.waitUntil(lambda: screen.opened is not None and screen.opened.id == joint_id(1))
    assert screen.composer is None


def test_who_calls_nobody_finds_no_composer(open_window, qtbot):
    window = open_window(CITY_BOARD)
    screen = whistles(window, qtbot)
    assert not screen.compose_button.isVisible() or screen.may_compose
    orders = window.joint_screen("order")
    assert not orders.may_compose and not orders.compose_button.isVisible()
    orders.compose()
    assert any("不拟令" in text for text in said(window))
    assert "拟令" not in window.verbs._verbs


def test_closing_the_window_keeps_what_is_typed(window, qtbot, city):
    screen = whistles(window, qtbot)
    screen.show_row(row_of(screen, 6))
    qtbot.waitUntil(lambda: screen.summons.file is not None)
    window.verbs.run("二次会商")
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    editor = screen.summons.form.form._editors["title"]
    editor.setText("协调排烟")
    editor.textEdited.emit("协调排烟")
    window.close()
    kept = [window.place.drafts.get(key) for key in window.place.drafts.keys()]  # noqa: SIM118
    assert {"title": "协调排烟"} in kept


def test_the_evening_is_told_live_in_both_screens(window, qtbot, city):
    screen = whistles(window, qtbot)
    orders = window.joint_screen("order")
    town = town_of(city)
    town.tell(joint_id(22))
    qtbot.waitUntil(lambda: orders.complete)
    assert set(orders.board.board.keys()).isdisjoint(screen.board.board.keys())


def test_a_window_that_is_closed_hears_no_more_of_whistles(window, qtbot, city, qapp, tmp_path):
    second = MainWindow(window.place, Looks(qapp, Preferences(tmp_path)), Preferences(tmp_path), "whistle-2")
    screen = second.joint_screen("whistle")
    second.show()
    qtbot.waitUntil(lambda: screen.complete, timeout=10_000)
    screen.show_row(row_of(screen, 6))
    second.close()
    second.deleteLater()
    qtbot.waitUntil(lambda: not isValid(second))
    first = whistles(window, qtbot)
    elsewhere(city, PEOPLE["supervisor"], 1, "sign")
    city.now += 3 * 3600
    window.place.backend.session.feed.push()
    qtbot.waitUntil(lambda: column_of(first, 1) == "issued")
    window.place.joint.tick()
    window.place.words_changed.emit()
    window.place.live.resync()
    qtbot.wait(200)  # an error of a slot of the closed window would fail the test


def test_a_case_asked_for_beside_the_board_is_shown_on_the_desk(window, qtbot, city):
    whistles(window, qtbot)
    number = next(iter(window.place.live.picture.rows.values())).no.rpartition("-")[2].lstrip("0")
    window.verbs.run(number)
    assert window.shown is window.desk
    window.show_screen("whistle")
    window.verbs.run(window.place.queues[1].label)
    assert window.shown is window.desk and window.desk.queue.rows.queue == window.place.queues[1].key


def test_a_case_that_nobody_sees_is_never_acted_on(window, qtbot, city):
    qtbot.waitUntil(lambda: window.desk.case.file is not None)
    whistles(window, qtbot)
    before = {record.row.id: record.row.version for record in city.records.values()}
    action = next(word for word, verb in window.verbs._verbs.items() if verb.meaning == f"对当前案件：{word}"
                  and word not in window.verbs._joint.here())
    with pytest.raises(VerbError, match="没有选中的案件"):
        window.verbs.run(action)
    assert {record.row.id: record.row.version for record in city.records.values()} == before


def test_the_bulletins_have_their_word(window, qtbot):
    screen = whistles(window, qtbot)
    window.verbs.run("通报")
    qtbot.waitUntil(lambda: screen.list.bulletins.ready)
    assert [row.id for row in screen.list.bulletins.listed()] == [joint_id(44)]
    window.verbs.run("通报 迟响应")
    assert screen.list.bulletins.key == "late_response" and screen.list.bulletins.listed() == []
    with pytest.raises(VerbError, match="类别是 未响应、"):
        window.verbs.run("通报 别的")


def test_the_rectification_of_a_bulletin_is_shown_among_the_affairs(window, qtbot):
    screen = whistles(window, qtbot)
    screen.show_bulletins("rectifying")
    qtbot.waitUntil(lambda: screen.list.bulletins.listed() != [])
    screen.list.bulletins._open(joint_id(44))
    qtbot.waitUntil(lambda: window.shown.objectName() != "whistle" and window.shown.affair.row is not None)
    assert window.shown.affair.row.id == joint_id(43)
