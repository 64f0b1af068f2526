"""轮巡: groups take turns, hold while somebody looks closely, are made, changed and deleted; nothing is lost."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from commandcenter.domain.video import CameraGroup
from tests.qt.ui.video_desk import Desk
from ui.bridge import cameras as book
from ui.screens.video.camera_order import CameraOrder
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.video.menus import group_entries, list_menu, slot_menu
from widgets.drag_keys import encode_keys

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def make_desk(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr(book, "_ONCE_MORE_S", 0.01)
    made = []

    def make(who="dispatcher"):
        made.append(Desk(make_place, city, qtbot, who))
        return made[-1]

    yield make
    for one in made:
        one.screen.keep_drafts()


@pytest.fixture
def desk(make_desk):
    return make_desk()


@pytest.fixture
def group(desk, qtbot):
    """Six of one's own, on two pages of four slots."""
    return own_group(desk, qtbot, [camera.id for camera in desk.mine(6)])


def own_group(desk, qtbot, ids, name="巡查"):
    desk.park.groups[7] = CameraGroup(7, name, 10, tuple(ids), desk.place.person.id)
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: any(g.id == 7 for g in desk.place.cameras.groups))
    return desk.park.groups[7]


def entries(menu):
    """Words of the entries that can be chosen, those of menus within as 外 › 内."""
    found = {}
    for action in menu.actions():
        words = action.text().split("\t")[0]
        if action.menu():
            found |= {f"{words} › {inner}": one for inner, one in entries(action.menu()).items()}
        elif not action.isSeparator() and action.isEnabled():
            found[words] = action
    return found


# ------------------------------------------------------------ turns
def test_pages_follow_each_other_and_begin_again(desk, group):
    desk.screen.rotate(7)
    ids = list(group.cameras)
    assert list(desk.shown().values()) == ids[:4] and desk.screen.rotation.pages == 2
    desk.screen.rotation._turn()
    assert desk.shown() == dict(enumerate(ids[4:]))
    desk.screen.rotation._turn()
    assert list(desk.shown().values()) == ids[:4]
    assert {look.purpose for look in desk.park.looks} <= {"rotation"}


def test_keys_turn_the_pages_and_stop(desk, group):
    desk.screen.rotate(7)
    desk.key(Qt.Key.Key_PageDown)
    assert desk.screen.rotation.page == 1
    desk.key(Qt.Key.Key_PageUp)
    assert desk.screen.rotation.page == 0
    desk.key(Qt.Key.Key_R, CONTROL)
    assert desk.screen.rotation.group is None
    assert list(desk.shown().values()) == list(group.cameras[:4])  # what is shown stays
    assert not any(watched.marks for watched in desk.screen.deck.watched.values())


def test_it_holds_while_a_slot_is_large_hidden_or_being_kept_as_evidence(desk, group, qtbot):
    desk.screen.rotate(7)
    desk.screen.grid.enlarge(0)
    desk.screen.rotation._turn()
    assert desk.screen.rotation.page == 0 and "已暂停" in desk.screen.tools.stop.text()
    desk.screen.grid.enlarge(None)
    desk.screen.hide()
    desk.screen.rotation._turn()
    assert desk.screen.rotation.page == 0
    desk.screen.show()
    qtbot.waitUntil(lambda: desk.stream(0).viewing is not None)
    decoder = desk.stream(0)._decoder
    decoder.say("live")
    qtbot.waitUntil(lambda: desk.stream(0).report.state == "live")
    desk.choose_case()
    desk.screen.take(True)
    desk.screen.rotation._turn()
    desk.screen.rotation.turn(1)
    assert desk.screen.rotation.page == 0
    decoder.clips.pop()(None)
    qtbot.waitUntil(lambda: not desk.screen.evidence.recording)
    desk.screen.rotation._turn()
    assert desk.screen.rotation.page == 1


def test_another_number_of_slots_begins_at_the_first_page(desk, group):
    desk.screen.rotate(7)
    desk.screen.rotation._turn()
    desk.screen.set_count(9)
    assert desk.screen.rotation.pages == 1 and list(desk.shown().values()) == list(group.cameras)


def test_a_camera_put_in_by_hand_ends_it(desk, group):
    desk.screen.rotate(7)
    desk.drop(2, desk.mine()[-1].id)
    assert desk.screen.rotation.group is None and desk.shown()[2] == desk.mine()[-1].id


def test_what_may_no_longer_be_seen_leaves_the_turns(desk, group, qtbot):
    desk.screen.rotate(7)
    gone = group.cameras[1]
    del desk.park.cameras[gone]
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: gone not in desk.shown().values())
    assert list(desk.shown().values()) == [key for key in group.cameras if key != gone][:4]


def test_a_group_without_any_picture_for_this_person_changes_nothing(desk, qtbot):
    schools = [camera.id for camera in desk.place.cameras.cameras.values() if camera.category == "school"]
    own_group(desk, qtbot, schools, "学校")
    desk.screen.show_camera(desk.mine()[0], 0)
    desk.screen.rotate(7)
    desk.hears("没有可以查看的画面")
    assert desk.shown() == {0: desk.mine()[0].id} and desk.screen.rotation.group is None


def test_a_group_that_somebody_deleted_stops(desk, group, qtbot):
    desk.screen.rotate(7)
    del desk.park.groups[7]
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: desk.screen.rotation.group is None)


# ------------------------------------------------------------ making
def test_a_group_is_made_of_the_selected_cameras_in_their_order(desk, qtbot):
    chosen = desk.mine(3)
    desk.screen.list.table.select_keys([camera.id for camera in chosen])
    entries(list_menu(desk.screen))["新建轮巡组…"].trigger()
    dialog = desk.screen.findChild(type(desk.screen.groups.make([])))
    dialog = next(d for d in desk.screen.findChildren(type(dialog)) if d.form.order.value())
    assert "whose" not in dialog.form.values()  # the district's are its supervisors'
    dialog.form.set_values({"name": "夜查", "dwell_s": 15})
    dialog.form.submit()
    desk.hears("已保存轮巡组：夜查")
    saved = next(g for g in desk.park.groups.values() if g.name == "夜查")
    assert (saved.dwell_s, saved.owner_id) == (15, desk.place.person.id)
    assert saved.cameras == tuple(camera.id for camera in desk.screen.list.selected())
    assert any(g.name == "夜查" for g in desk.place.cameras.groups)


def test_a_supervisor_makes_one_for_the_district(make_desk):
    desk = make_desk("supervisor")
    dialog = desk.screen.groups.make(desk.mine(2))
    dialog.form.set_values({"name": "全区", "dwell_s": 20, "whose": "shared"})
    dialog.form.submit()
    desk.hears("已保存轮巡组：全区")
    assert next(g for g in desk.park.groups.values() if g.name == "全区").owner_id is None


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("dwell_s", "4"), ("dwell_s", "viel"), ("cameras", ())])
def test_rubbish_is_told_at_its_field_and_not_sent(desk, field, value):
    dialog = desk.screen.groups.make(desk.mine(2))
    dialog.form.set_values({"name": "夜查", "dwell_s": 15, field: value})
    passed = desk.door.passed
    dialog.form.submit()
    assert dialog.form.error_of(field) and desk.door.passed == passed


def test_a_name_that_is_taken_is_told_at_the_name(desk, group, qtbot):
    dialog = desk.screen.groups.make(desk.mine(2))
    dialog.form.set_values({"name": group.name, "dwell_s": 15})
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.error_of("name") == "已有同名的轮巡组")
    assert dialog.form.values()["cameras"]


def test_an_answer_that_was_lost_makes_one_group(desk, monkeypatch):
    port, sent = desk.place.backend.session.cameras, []
    save = port.save_group

    def lose(command, group):
        sent.append(command)
        saved = save(command, group)
        if len(sent) < 3:
            raise OutcomeUnknown("结果待确认")
        return saved

    monkeypatch.setattr(port, "save_group", lose)
    dialog = desk.screen.groups.make(desk.mine(2))
    dialog.form.set_values({"name": "夜查", "dwell_s": 15})
    dialog.form.submit()
    desk.qtbot.waitUntil(lambda: dialog.form.notice.text() == "结果待确认")
    dialog.form.submit()
    desk.hears("已保存轮巡组")
    assert len(sent) == 3 and len(set(sent)) == 1
    assert len([g for g in desk.park.groups.values() if g.name == "夜查"]) == 1


# ------------------------------------------------------------ another was first
def test_what_another_changed_is_told_and_nothing_typed_is_lost(desk, group, qtbot):
    dialog = desk.screen.groups.edit(group)
    desk.park.groups[7] = replace(group, name="王改的", dwell_s=60, version=2)
    dialog.form.set_values({"name": "我改的"})
    dialog.form.submit()
    qtbot.waitUntil(lambda: "已被他人修改" in dialog.form.notice.text() and "王改的" in dialog.form.notice.text())
    assert dialog.form.values()["name"] == "我改的" and desk.park.groups[7].name == "王改的"
    dialog.form.submit()
    qtbot.waitUntil(lambda: desk.park.groups[7].name == "我改的")
    assert desk.park.groups[7].version == 3


def test_the_others_content_can_be_taken(desk, group, qtbot):
    dialog = desk.screen.groups.edit(group)
    desk.park.groups[7] = replace(group, name="王改的", cameras=group.cameras[:2], version=2)
    dialog.form.submit()
    qtbot.waitUntil(lambda: "王改的" in dialog.form.notice.text())
    dialog.form.notice.action_triggered.emit()
    assert dialog.form.values()["name"] == "王改的" and dialog.form.values()["cameras"] == group.cameras[:2]


def test_one_that_was_deleted_meanwhile_is_made_again_from_what_is_typed(desk, group, qtbot):
    dialog = desk.screen.groups.edit(group)
    del desk.park.groups[7]
    dialog.form.submit()
    qtbot.waitUntil(lambda: "已被他人删除" in dialog.form.notice.text())
    dialog.form.submit()
    qtbot.waitUntil(lambda: any(g.name == group.name for g in desk.park.groups.values()))


def test_adding_from_the_menu_keeps_what_another_added(desk, group, qtbot):
    mine, his = desk.mine()[6], desk.mine()[7]
    desk.park.groups[7] = replace(group, cameras=(*group.cameras, his.id), version=2)
    desk.screen.list.table.select_keys([mine.id])
    entries(list_menu(desk.screen))[f"加入轮巡组 › {group.name}"].trigger()
    desk.hears("已加入轮巡组")
    assert desk.park.groups[7].cameras == (*group.cameras, his.id, mine.id)


def test_cameras_are_taken_out_by_the_menu(desk, group):
    desk.screen.show_camera(desk.mine()[0], 0)
    entries(slot_menu(desk.screen, 0))[f"移出轮巡组 › {group.name}"].trigger()
    desk.hears("已移出轮巡组")
    assert desk.park.groups[7].cameras == group.cameras[1:]


def test_a_deleted_group_can_be_had_back(desk, group, qtbot):
    entries(_groups(desk))[f"删除轮巡组 › {group.name}"].trigger()
    desk.hears("已删除轮巡组")
    assert 7 not in desk.park.groups
    desk.place.notices.take_up(("group", 7))
    desk.hears("已恢复轮巡组")
    assert [g.cameras for g in desk.park.groups.values() if g.name == group.name] == [group.cameras]


def test_the_districts_groups_are_changed_by_its_supervisor_only(desk, make_desk):
    assert "修改轮巡组 › 重点路口（全区）" not in entries(_groups(desk))
    assert "修改轮巡组 › 重点路口（全区）" in entries(_groups(make_desk("supervisor")))


def test_while_the_server_is_away_nothing_typed_is_lost(desk, group, qtbot):
    dialog = desk.screen.groups.edit(group)
    dialog.form.set_values({"name": "新名"})
    desk.door.order(ServerUnavailable("断开"))
    desk.door.order(ServerUnavailable("断开"))
    dialog.form.submit()
    qtbot.waitUntil(lambda: "断开" in dialog.form.notice.text())
    assert dialog.isVisible() and dialog.form.values()["name"] == "新名"
    dialog.form.submit()
    qtbot.waitUntil(lambda: desk.park.groups[7].name == "新名")


def _groups(desk):
    from PySide6.QtWidgets import QMenu

    menu = QMenu(desk.screen)
    group_entries(menu, desk.screen)
    return menu


# ------------------------------------------------------------ the order
@pytest.fixture
def order(qtbot):
    made = CameraOrder(CAMERA_MIME, lambda key: f"c{key}")
    qtbot.addWidget(made)
    made.set_value((1, 2, 3, 4))
    made.show()
    return made


def test_rows_are_moved_together_as_far_as_the_end(order, qtbot):
    order.list.item(1).setSelected(True)
    order.list.item(2).setSelected(True)
    qtbot.keyClick(order.list, Qt.Key.Key_Up, ALT)
    assert order.value() == (2, 3, 1, 4)
    qtbot.keyClick(order.list, Qt.Key.Key_Up, ALT)
    assert order.value() == (2, 3, 1, 4)
    order.down.click()
    assert order.value() == (1, 2, 3, 4)


def test_rows_are_taken_out_by_key(order, qtbot):
    order.list.setCurrentRow(1)
    qtbot.keyClick(order.list, Qt.Key.Key_Delete)
    assert order.value() == (1, 3, 4)
    order.list.selectAll()
    order.out.click()
    assert order.value() is None


def test_dropped_cameras_go_to_the_end_once(order):
    order.list.dropped.emit((3, 9, 9, "x"))
    assert order.value() == (1, 2, 3, 4, 9)


@pytest.mark.parametrize("mime", [QMimeData(), encode_keys([1], "application/x-other")])
def test_what_is_no_camera_is_not_taken(order, mime, qtbot):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QDragEnterEvent

    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)
    event.setAccepted(False)
    order.list.dragEnterEvent(event)
    assert not event.isAccepted()


def test_too_many_are_told(order):
    order.set_value(tuple(range(201)))
    assert "最多 200 路" in order.problem()
