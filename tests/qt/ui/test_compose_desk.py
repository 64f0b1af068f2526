"""吹哨 and 联合执法 at the desk: cards to drop on, keys, the row's menu, the command line."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.qt.ui.test_dispatching import current, press
from tests.qt.ui.test_window import enter, number, window  # noqa: F401
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.joint.composer import Composer
from ui.joint.document_check import DocumentCheck
from ui.joint.presets import from_cases
from ui.screens.desk.case_menu import CaseMenu
from ui.screens.desk.desk import desk_keys
from widgets.drag_keys import encode_keys
from widgets.theme import apply_theme, load_theme


def drop(desk, keys, target):
    """Drag rows of the queue over a widget and let them go; whether they were invited."""
    model = desk.queue.rows.model
    mime = model.mimeData([model.index(model.row_of(key), 0) for key in keys])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter_event = QDragEnterEvent(target.rect().center(), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(target, enter_event)
    event = QDropEvent(QPointF(target.rect().center()), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(target, event)
    return enter_event.isAccepted()


def sheet(desk, qtbot):
    qtbot.waitUntil(lambda: desk.side.composer is not None and desk.side.composer.form is not None)
    return desk.side.composer.form


@pytest.fixture
def supervisor(make_desk, city):
    return make_desk(city, "all", queue="filed")


def test_cases_dropped_on_whistle_open_a_sheet_about_them(desk, city, qtbot):
    keys = desk.queue.rows.model.keys()[:3]
    assert drop(desk, keys, desk.side.units.targets.cards["whistle"])
    form = sheet(desk, qtbot)
    assert form.kind == "whistle" and form.cases.value() == list(keys) and form.values()["title"]
    assert desk.side.currentWidget() is desk.side.composer


def test_cases_of_one_street_are_called_for_by_that_street(desk):
    place = desk.place
    row = place.live.row(desk.queue.rows.model.key_at(0))
    assert from_cases(place, "whistle", [row]).caller_id == row.street_id
    elsewhere = next(r for r in place.live.picture.rows.values() if r.street_id != row.street_id)
    assert from_cases(place, "whistle", [row, elsewhere]).caller_id == org_id("东城区")


def test_a_card_that_this_role_may_not_use_is_dim_and_says_why(desk, texts):
    whistle, order = (desk.side.units.targets.cards[kind] for kind in ("whistle", "order"))
    assert whistle.refusal == "" and order.refusal == "值班长以上可开具"
    assert not drop(desk, desk.queue.rows.model.keys()[:1], order) and desk.side.composer is None
    order.click()
    assert desk.side.composer is None and "值班长以上可开具" in texts()[0]


def test_while_dragging_the_cards_say_what_letting_go_means(supervisor):
    card = supervisor.side.units.targets.cards["order"]
    model = supervisor.queue.rows.model
    mime = encode_keys(model.keys()[:2], "application/x-commandcenter-cases")
    event = QDragEnterEvent(card.rect().center(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(card, event)
    assert card.inviting and card._invitation == "松开即拟令 2 件"


def test_too_many_cases_for_one_sheet_are_refused_in_words(supervisor):
    targets = supervisor.side.units.targets
    rows = [supervisor.place.live.row(supervisor.queue.rows.model.key_at(0))] * 101
    assert targets.refusal("order", rows) == "一次最多 100 件"


@pytest.mark.parametrize(("key", "kind"), [(Qt.Key.Key_B, "whistle"), (Qt.Key.Key_J, "order")])
def test_a_key_opens_the_sheet_about_what_is_selected(supervisor, qtbot, key, kind):
    keys = supervisor.queue.rows.model.keys()[:2]
    supervisor.queue.table.select_keys(keys)
    press(qtbot, supervisor, key)
    form = sheet(supervisor, qtbot)
    assert form.kind == kind and form.cases.value() == list(keys)


def test_letters_and_digits_beside_the_inputs_of_a_sheet_mean_nothing_to_the_desk(supervisor, city, qtbot):
    case_id = current(supervisor)
    press(qtbot, supervisor, Qt.Key.Key_J)
    form = sheet(supervisor, qtbot)
    form.parties.set_value([[org_id("区水务局"), None, True]])
    chip = form.parties.chips.chip(org_id("区水务局"))
    with qtbot.waitActive(supervisor):
        supervisor.activateWindow()
    chip.setFocus()
    for key in ("1", "2", "b"):
        qtbot.keyClick(chip, key)
    assert form.parties.parties()[0].heads == 12 and sheet(supervisor, qtbot) is form
    assert city.row(case_id).state == "filed"


def test_escape_gives_the_width_and_the_keyboard_back(make_desk, city, qtbot):
    desk = make_desk(city, "supervisor")
    before = desk.columns.sizes()
    desk.compose("order")
    sheet(desk, qtbot)
    assert desk.columns.sizes()[1] > before[1]
    desk.step_back()
    assert desk.side.composer is None and desk.columns.sizes() == before and not desk.side.form_open


def test_more_cases_dropped_on_the_sheet_join_the_others(supervisor, qtbot):
    keys = supervisor.queue.rows.model.keys()[:3]
    supervisor.compose("order", [supervisor.place.live.row(keys[0])])
    form = sheet(supervisor, qtbot)
    drop(supervisor, keys[1:], supervisor.side.composer)
    assert form.cases.value() == list(keys)


def test_a_sheet_left_for_another_comes_back_as_it_was(supervisor, qtbot):
    first, second = (supervisor.place.live.row(key) for key in supervisor.queue.rows.model.keys()[:2])
    supervisor.compose("order", [first])
    form = sheet(supervisor, qtbot)
    form._editors["title"].set_value("写到一半")
    form._editors["title"].changed.emit()
    supervisor.compose("order", [second])
    assert sheet(supervisor, qtbot).values()["title"] != "写到一半"
    supervisor.compose("order", [first])
    assert sheet(supervisor, qtbot).values()["title"] == "写到一半"


def test_a_sheet_that_was_sent_gives_the_desk_back(supervisor, city, qtbot):
    supervisor.compose("order", [supervisor.place.live.row(current(supervisor))])
    form = sheet(supervisor, qtbot)
    form.set_values({"scope": "综合执法", "meet_at": "2025-06-18T19:00:00+08:00", "place": "路口",
                     "parties": [[org_id("区水务局"), 2, True]]})
    form.submit()
    qtbot.waitUntil(lambda: supervisor.side.composer is None)
    row = next(iter(town_of(city).summons.values())).row
    assert row.state == "issued" and row.cases == (current(supervisor),)
    assert any(row.no in note.text for note in supervisor.place.notices.notes())


def test_roles_without_the_board_have_the_cards_below_their_deeds(make_desk, city):
    assert not make_desk(city, "supervisor").side.targets.isHidden()
    assert make_desk(city, "followup").side.targets.isHidden()


def test_the_rows_menu_offers_what_the_role_may(desk, supervisor, qtbot):
    def offered(one):
        case_id = current(one)
        one.queue.table.context_menu_requested.emit(case_id, one.mapToGlobal(one.rect().center()))
        menu = one.findChild(CaseMenu)
        said = {action.text() for action in menu.actions()}
        menu.close()
        return said
    assert {"吹哨…\tB", "联合执法令…\tJ"} <= offered(supervisor)
    assert "联合执法令…\tJ" not in offered(desk)


def test_the_help_names_the_keys_of_the_role():
    said = {key for group in desk_keys(frozenset({"supervisor"})) for key, _ in group.keys}
    assert {"B", "J"} <= said
    said = {key for group in desk_keys(frozenset({"verifier"})) for key, _ in group.keys}
    assert not {"B", "J"} & said


def test_the_command_line_opens_a_sheet_about_the_cases_named(window, city, qtbot):  # noqa: F811
    (first, one), (second, two) = number(city, 0), number(city, 1)
    enter(qtbot, window, f"吹哨 {one} {two}")
    assert sheet(window.desk, qtbot).cases.value() == [first.id, second.id]
    assert isinstance(window.desk.side.composer, Composer)


def test_an_order_goes_on_from_a_whistle_by_word_and_by_button(make_place, city, qapp, qtbot, tmp_path):
    row = the_evening(city).summons[joint_id(3)].row
    preferences = Preferences(tmp_path)
    place = make_place(city, "supervisor")
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    place.live.begin()
    qtbot.waitUntil(lambda: made.desk.complete and place.joint.ready, timeout=10_000)
    made.verbs.run("联合执法 CS-0003")
    orders = made.screen_of("order")
    qtbot.waitUntil(lambda: orders.composer is not None and orders.composer.form is not None)
    assert orders.composer.form.summons().from_id == row.id and made.shown is orders
    with pytest.raises(VerbError, match="在办吹哨中没有 CS-9999"):
        made.verbs.run("联合执法 CS-9999")
    made.show_summons(row)
    whistles = made.screen_of("whistle")
    qtbot.waitUntil(lambda: whistles.summons.file is not None and whistles.summons.head.order.isVisible())
    whistles.summons.head.order.click()
    qtbot.waitUntil(lambda: made.shown is orders and orders.composer.form is not None)
    assert orders.composer.form.values()["reason"] == "私装地锁 37 个，堵塞消防通道，居民多次投诉。"


def test_the_command_line_says_what_is_wrong(window):  # noqa: F811
    with pytest.raises(VerbError, match="没有 999999"):
        window.verbs.run("吹哨 999999")


def test_a_document_can_be_checked_from_the_command_line(window, qtbot):  # noqa: F811
    window.verbs.run("校验公文 7K3F-92QD-XA2B")
    dialog = window.findChild(DocumentCheck)
    qtbot.waitUntil(lambda: "没有签发过" in dialog.notice.text())
    dialog.close()


def test_sheets_that_were_left_are_gone_and_a_theme_disturbs_neither_them_nor_the_open_one(supervisor, qapp, qtbot):
    gone = []
    for _ in range(5):
        supervisor.compose("order", [supervisor.place.live.row(current(supervisor))])
        form = sheet(supervisor, qtbot)
        form.destroyed.connect(lambda: gone.append(True))
        supervisor.step_back()
    qtbot.waitUntil(lambda: len(gone) == 5)
    supervisor.compose("order", [supervisor.place.live.row(current(supervisor))])
    form = sheet(supervisor, qtbot)
    form._editors["reason"].set_value("居民投诉")
    try:
        apply_theme(qapp, load_theme("light", "comfortable"))
        assert form.values()["reason"] == "居民投诉"
    finally:
        apply_theme(qapp, load_theme("dark"))
