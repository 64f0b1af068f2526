"""视频: the list finds cameras and says their state, slots are filled by hand and key, what was taken away goes."""

import json
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QContextMenuEvent

from commandcenter.domain.errors import NotAllowed, ServerUnavailable
from commandcenter.domain.video import FORBIDDEN, Camera
from tests.qt.ui.video_desk import Desk
from ui.bridge import cameras as book
from ui.models.camera_columns import camera_columns, found, state_word
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.video.layout_memory import LayoutMemory, SlotLayout
from ui.screens.video.menus import list_menu, slot_menu
from widgets.drag_keys import encode_keys
from widgets.live_table import StateKind
from widgets.video import SLOT_MIME

CONTROL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def desk(make_place, city, qtbot):
    made = Desk(make_place, city, qtbot)
    yield made
    made.screen.keep_drafts()


def row_texts(desk):
    """Cells by camera."""
    model = desk.screen.list.model
    keys = model.keys()
    return {key: {column.key: column.text(model.value(key)) for column in model.columns} for key in keys}


# ------------------------------------------------------------ the list
def test_the_list_says_who_may_not_look_what_is_off_and_what_is_shown(desk, qtbot):
    one = desk.mine()[0]
    desk.screen.show_camera(one)
    cameras = desk.place.cameras.cameras
    told = {key: cells["state"] for key, cells in row_texts(desk).items()}
    assert told[one.id] == "在看"
    assert {told[key] for key, camera in cameras.items() if not camera.may_view} == {"无权"}
    assert {told[key] for key, camera in cameras.items() if camera.may_view and not camera.in_use} == {"停用"}
    assert state_word(replace(one, streams=()), False) == "无码流"


@pytest.mark.parametrize("density", ["compact", "normal", "comfortable"])
def test_the_state_is_wide_enough_to_be_drawn(desk, qtbot, qapp, density):
    """A cell of less than two characters is left out."""
    from widgets.theme import apply_theme, load_theme

    try:
        apply_theme(qapp, load_theme("dark", density=density))
        table = desk.screen.list.table
        table.resize(290, 500)
        table._painter.set_sections(table._header.sections(), 1.0)
        state = next(section for section in table._painter.sections if section.column.key == "state")
        assert table._painter._text_rect(state).width() >= 2 * load_theme("dark", density=density).sizes.chip_height
    finally:
        apply_theme(qapp, load_theme("dark"))


def test_words_chips_and_initials_find(desk, qtbot):
    listed, model = desk.screen.list, desk.screen.list.model
    listed.search.setFocus()
    qtbot.keyClicks(listed.search, "js lk")  # 景山…路口
    qtbot.waitUntil(lambda: model.filtered)
    shown = [desk.place.cameras.cameras[key].name for key in row_texts(desk)]
    assert shown and all("景山" in name and "路口" in name for name in shown)
    listed.search.setText("路口 没有这样的")
    qtbot.waitUntil(lambda: model.rowCount() == 0)
    assert listed.table._overlays.state.kind is StateKind.EMPTY
    listed.table.state_action.emit()
    assert not model.filtered and len(model.keys()) == 24
    listed.category.select("school")
    keys = model.keys()
    assert {desk.place.cameras.cameras[key].category for key in keys} == {"school"}


@pytest.mark.parametrize("typed", ["[", "\\", "%'; drop", "　", "\u202e", "a" * 5000])
def test_rubbish_typed_finds_nothing_and_breaks_nothing(desk, qtbot, typed):
    desk.screen.list.search.setText(typed)
    desk.screen.list.refilter()
    assert len(desk.screen.list.model.keys()) in (0, 24)


def test_enter_in_the_search_opens_the_first_found(desk, qtbot):
    one = desk.mine()[2]
    listed = desk.screen.list
    desk.key(Qt.Key.Key_F, CONTROL)
    assert listed.search.hasFocus()
    listed.search.setText(one.name)
    qtbot.keyClick(listed.search, ENTER)
    assert desk.shown() == {0: one.id} and listed.table.hasFocus()


def test_favourites_are_marked_listed_and_kept(desk, qtbot):
    one = desk.mine()[1]
    listed = desk.screen.list
    listed.table.select_keys([one.id])
    listed.table.setFocus()
    desk.key(Qt.Key.Key_D, CONTROL, listed.table)
    qtbot.waitUntil(lambda: one.id in desk.place.cameras.favourites)
    assert row_texts(desk)[one.id]["name"] == f"★ {one.name}" and one.id in desk.park.favourites[1]
    listed.marked.setChecked(True)
    assert listed.model.keys() == [one.id]
    desk.door.order(ServerUnavailable("断开"))
    desk.key(Qt.Key.Key_D, CONTROL, listed.table)
    desk.hears("没有取消收藏", one.name)
    assert one.id in desk.place.cameras.favourites


def test_the_list_has_its_loading_error_and_retry(make_place, city, qtbot):
    desk = Desk(make_place, city, qtbot, ready=False)
    state = desk.screen.list.table._overlays
    assert state.state.kind is StateKind.LOADING
    # What is loaded at last has them read once more: that reading must be over, or it takes the error away.
    qtbot.waitUntil(lambda: desk.screen.complete and desk.place.live.ready and not desk.place.cameras._reading)
    desk.place.cameras.ready = False
    desk.door.order(ServerUnavailable("数据库没有应答"))
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: state.state.kind is StateKind.ERROR)
    assert state.state.hint == "数据库没有应答"
    desk.screen.list.table.state_action.emit()
    qtbot.waitUntil(lambda: desk.screen.complete and state.state.kind is StateKind.READY)
    desk.screen.keep_drafts()


def test_the_menus_offer_what_can_be_done(desk, qtbot):
    one = desk.mine()[0]
    hidden = next(c for c in desk.place.cameras.cameras.values() if not c.may_view)
    words = [a.text().split("\t")[0] for a in slot_menu(desk.screen, 0).actions()]
    assert words == ["放大", "选择摄像机"]
    desk.screen.show_camera(one, 0)
    menu = slot_menu(desk.screen, 0)
    assert not next(a for a in menu.actions() if "抓拍" in a.text()).isEnabled()
    desk.screen.list.table.select_keys([hidden.id])
    menu = list_menu(desk.screen)
    first = menu.actions()[0]
    assert not first.isEnabled() and first.toolTip() == "没有可以查看的画面"
    desk.screen.list.table.select_keys([c.id for c in desk.mine(3)])
    menu = list_menu(desk.screen)
    assert menu.actions()[0].text() == "打开 3 路"
    menu.actions()[0].trigger()
    assert len(desk.shown()) == 3


def test_the_menu_opens_by_mouse_and_goes_away(desk, qtbot):
    from PySide6.QtWidgets import QMenu

    table = desk.screen.list.table
    table.select_keys([desk.mine()[0].id])
    place = table.visualRect(table.model().index(table.currentIndex().row(), 0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    table.contextMenuEvent(event)
    (menu,) = [m for m in desk.screen.findChildren(QMenu) if m.isVisible()]
    menu.close()
    qtbot.waitUntil(lambda: not [m for m in desk.screen.findChildren(QMenu) if m.title() == "" and m.isVisible()])


# ------------------------------------------------------------ slots
def test_cameras_dropped_fill_the_slots_from_there(desk):
    chosen = desk.mine(3)
    desk.drop(1, *(c.id for c in chosen))
    assert desk.shown() == {1: chosen[0].id, 2: chosen[1].id, 3: chosen[2].id}
    desk.drop(3, *(c.id for c in desk.mine()[3:6]))
    desk.hears("还有 2 路没有打开", "9 路")


def test_a_camera_dropped_again_moves_and_is_not_looked_at_twice(desk, qtbot):
    one = desk.mine()[0]
    desk.drop(0, one.id)
    qtbot.waitUntil(lambda: len(desk.park.looks) == 1)
    desk.drop(2, one.id)
    assert desk.shown() == {2: one.id}
    qtbot.wait(30)
    assert len(desk.park.looks) == 1


@pytest.mark.parametrize("mime", [
    QMimeData(), encode_keys([99_999], CAMERA_MIME), encode_keys(["x", None], CAMERA_MIME),
    encode_keys([77], SLOT_MIME), encode_keys([0], "text/plain"),
])  # fmt: skip
def test_rubbish_dropped_changes_nothing(desk, mime):
    desk.drop_mime(0, mime)
    assert desk.shown() == {}


def test_a_camera_opened_beside_a_large_one_is_seen(desk):
    desk.drop(0, desk.mine()[0].id)
    desk.screen.grid.enlarge(0)
    desk.screen.show_camera(desk.mine()[1])
    assert desk.screen.grid.large is None and desk.screen.grid.current == 1


def test_keys_make_more_slots_and_empty_one(desk, qtbot):
    desk.drop(0, desk.mine()[0].id)
    desk.key(Qt.Key.Key_3, CONTROL)
    assert desk.screen.grid.count == 9
    desk.key(Qt.Key.Key_Delete)
    assert desk.shown() == {} or desk.screen.grid.current not in desk.shown()
    desk.key(Qt.Key.Key_F4)
    assert not desk.screen.list.isVisible()


def test_a_camera_that_was_taken_away_leaves_its_slot(desk, qtbot):
    one, other = desk.mine(2)
    desk.drop(0, one.id, other.id)
    qtbot.waitUntil(lambda: len(desk.park.looks) == 2)
    del desk.park.cameras[one.id]
    desk.key(Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: desk.shown() == {1: other.id})
    qtbot.waitUntil(lambda: desk.park.looks[0].ended_at is not None)
    assert one.id not in row_texts(desk)


def test_a_right_that_was_lost_ends_the_look_and_says_so(desk, qtbot):
    one = desk.mine()[0]
    desk.live(0, one)
    desk.park.cameras[one.id] = replace(one, category="school")
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: desk.stream(0).report.state == FORBIDDEN)
    qtbot.waitUntil(lambda: desk.park.looks[0].ended_at is not None)
    assert desk.stream(0).picture.isNull() and "不能查看" in desk.screen.grid.slots[0].face.words
    desk.park.cameras[one.id] = one  # and it is given back
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: desk.stream(0).viewing is not None)


def test_a_refusal_of_the_database_has_the_list_read_again(desk, qtbot):
    """What it says of rights was old."""
    one = desk.mine()[0]
    desk.park.cameras[one.id] = replace(one, category="school")
    desk.screen.show_camera(one, 0)
    qtbot.waitUntil(lambda: not desk.place.cameras.cameras[one.id].may_view)
    assert desk.stream(0).report.state == FORBIDDEN


def test_the_list_is_read_again_when_the_screen_is_shown_after_a_while(desk, qtbot, monkeypatch):
    monkeypatch.setattr(book, "_FRESH_S", 0.0)
    del desk.park.cameras[desk.mine()[0].id]
    desk.screen.hide()
    desk.screen.show()
    qtbot.waitUntil(lambda: len(desk.screen.list.model.keys()) == 23)


def test_the_server_goes_away_and_comes_back_in_the_middle(desk, qtbot):
    desk.live(0)
    desk.door.down = True
    desk.screen.show_camera(desk.mine()[1], 1)
    qtbot.waitUntil(lambda: desk.stream(1).report.state == "lost")
    assert "数据库连接中断" in desk.stream(1).report.words and desk.stream(0).report.state == "live"
    desk.stream(1)._again.setInterval(10)
    desk.stream(1)._again.start()
    desk.door.down = False
    qtbot.waitUntil(lambda: desk.stream(1).viewing is not None)


def test_a_look_that_lasts_is_recorded_anew_before_it_counts_as_over(desk, qtbot):
    desk.live(0)
    desk.stream(0)._anew.setInterval(10)
    desk.stream(0)._anew.start()
    qtbot.waitUntil(lambda: len(desk.park.looks) == 2 and desk.park.looks[0].ended_at is not None)


def test_cameras_near_a_case_come_with_their_distance(desk, qtbot):
    row, _ = desk.case()
    near = [(camera, 40.0 * n) for n, camera in enumerate(desk.mine(5), 1)]
    desk.screen.show_near(row, near)
    assert desk.screen.grid.count == 9 and list(desk.shown().values()) == [c.id for c, _ in near]
    assert desk.screen.case.case is row and "40 m" in desk.screen.grid.slots[0].face.note
    qtbot.waitUntil(lambda: len(desk.park.looks) == 5)
    assert {(look.purpose, look.case_id) for look in desk.park.looks} == {("case", row.id)}
    wanted = []
    desk.screen.case_wanted.connect(wanted.append)
    next(a for a in slot_menu(desk.screen, 0).actions() if a.text() == "打开案件").trigger()
    assert wanted == [row.id]


# ------------------------------------------------------------ the tools
def test_the_tools_say_what_the_slots_are_worth(desk, qtbot):
    decoder = desk.live(0)
    desk.drop(1, next(c.id for c in desk.place.cameras.cameras.values() if not c.may_view))
    assert desk.screen.tools.states.text() == "实时 1 · 无权查看 1"
    decoder.say("lost", "没有应答")
    qtbot.waitUntil(lambda: "已中断 1" in desk.screen.tools.states.text())
    desk.screen.grid.select(0)
    assert desk.screen.tools.shot.toolTip().startswith("画面不是实时的")
    desk.screen.tools.clear.click()
    assert desk.shown() == {} and not desk.screen.tools.clear.isEnabled()


def test_a_long_name_of_a_group_does_not_push_the_window_out(desk, qtbot):
    from commandcenter.domain.video import CameraGroup

    desk.park.groups[9] = CameraGroup(9, "很长的名字" * 8, 10, tuple(c.id for c in desk.mine(8)), desk.place.person.id)
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: len(desk.place.cameras.groups) == 2)
    before = desk.screen.minimumSizeHint().width()
    desk.screen.rotate(9)
    assert desk.screen.minimumSizeHint().width() <= before + 160


def test_the_case_of_the_slots_menu_is_opened_by_the_window(make_place, city, qtbot, qapp, tmp_path):
    from ui.app.looks import Looks
    from ui.app.preferences import Preferences
    from ui.app.window import MainWindow

    preferences, place = Preferences(tmp_path), make_place(city)
    window = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(window)
    window.show()
    place.live.begin()
    qtbot.waitUntil(lambda: window.desk.complete)
    row = next(record.row for record in city.records.values() if record.row.open)
    window.video_screen().case_wanted.emit(row.id)
    qtbot.waitUntil(lambda: window.shown is window.desk and window.desk.case.file is not None)
    assert window.desk.case.file.row.id == row.id


# ------------------------------------------------------------ remembered
def test_what_lay_in_the_slots_is_there_at_the_next_login(make_place, city, qtbot):
    first = Desk(make_place, city, qtbot)
    first.screen.set_count(9)
    first.drop(4, first.mine()[0].id)
    first.screen.keep_drafts()
    second = Desk(make_place, city, qtbot)
    assert second.screen.grid.count == 9 and second.shown() == {4: first.mine()[0].id}
    second.screen.keep_drafts()


@pytest.mark.parametrize("content", [
    "", "{", "[]", "null", '{"count": 7}', '{"count": true}', '{"count": [4]}', '{"cameras": {"x": 1}}',
    '{"cameras": {"0": Infinity}}', '{"cameras": 3}', '{"cameras": {"99": 1}}', "\x00",
])  # fmt: skip
def test_a_layout_that_is_rubbish_is_as_none(tmp_path, qapp, content):
    (tmp_path / "video").mkdir()
    (tmp_path / "video" / "d0032.screen.json").write_text(content)
    assert LayoutMemory(tmp_path, "d0032").read() == SlotLayout()


def test_a_layout_is_written_a_moment_later_and_at_the_end(tmp_path, qtbot):
    memory = LayoutMemory(tmp_path, "d0032")
    layout = SlotLayout(16, {3: 8}, 2, True)
    memory.keep(SlotLayout(9))
    memory.keep(layout)
    assert not (tmp_path / "video").exists()
    qtbot.waitUntil(lambda: (tmp_path / "video" / "d0032.screen.json").exists())
    assert memory.read() == layout
    assert json.loads((tmp_path / "video" / "d0032.screen.json").read_text())["count"] == 16
    memory.keep(SlotLayout(1))
    memory.write()
    assert memory.read() == SlotLayout(1)


def test_a_layout_that_cannot_be_written_costs_only_the_memory(tmp_path, qapp):
    (tmp_path / "video").write_text("in the way")
    memory = LayoutMemory(tmp_path, "d0032")
    memory.keep(SlotLayout(9))
    memory.write()
    assert memory.read() == SlotLayout()


# ------------------------------------------------------------ finding by words
def test_the_camera_of_that_very_name_is_first_and_those_one_may_open_before_others():
    def camera(number, name, **more):
        return Camera(number, str(number), name, "street", 116, 39, "", 1, 1, None, None, ("main",),
                      **{"may_view": True, **more})

    cameras = [camera(1, "路口A", may_view=False), camera(2, "路口B"), camera(3, "路口")]
    assert [c.id for c in found(cameras, "路口", lambda _: "", 9)] == [3, 2, 1]
    assert [c.id for c in found(cameras, "路口", lambda _: "", 1)] == [3]
    assert found(cameras, "桥", lambda _: "", 9) == []
    assert len(camera_columns(str, str, bool, bool)) == 4


def test_an_old_refusal_is_not_said_of_another_camera(desk, qtbot):
    desk.door.order(NotAllowed("无权"))
    desk.screen.show_camera(desk.mine()[0], 0)
    desk.screen.show_camera(desk.mine()[1], 0)
    qtbot.waitUntil(lambda: desk.stream(0).viewing is not None, timeout=10_000)
    assert desk.stream(0).report.state != FORBIDDEN and time.time() - desk.stream(0).report.since < 60
