"""Slots side by side: what they say, what may be dropped, what the keyboard does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent, QImage
from pytestqt.qtbot import QtBot

from widgets.drag_keys import encode_keys
from widgets.theme import current_theme
from widgets.tones import Tone
from widgets.video import SLOT_MIME, SlotFace, VideoGrid

MIME = "application/x-test-camera"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(qtbot: QtBot) -> VideoGrid:
    made = VideoGrid(MIME, "把摄像机拖到这里")
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    return made


def drop(grid: VideoGrid, place: QPoint, mime: QMimeData) -> bool:
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    event.setAccepted(False)
    grid.dropEvent(event)
    return event.isAccepted()


def middle(grid: VideoGrid, index: int) -> QPoint:
    return grid.slots[index].geometry().center()


@pytest.mark.parametrize(("count", "side"), [(1, 1), (4, 2), (9, 3), (16, 4)])
def test_slots_fill_the_grid_without_a_gap_wider_than_a_line(grid: VideoGrid, count: int, side: int) -> None:
    grid.set_count(count)
    seen = [slot for slot in grid.slots if slot.isVisible()]
    assert len(seen) == count == side * side and grid.visible_slots() == frozenset(range(count))
    assert seen[-1].geometry().bottomRight() == QPoint(1279, 719)
    assert max(s.width() for s in seen) - min(s.width() for s in seen) <= 3
    for one, other in zip(seen, seen[1:], strict=False):
        assert not one.geometry().intersects(other.geometry())


def test_another_number_is_refused(grid: VideoGrid) -> None:
    with pytest.raises(KeyError):
        grid.set_count(5)
    assert grid.count == 4


def test_a_camera_is_dropped_on_the_slot_below_the_hand(grid: VideoGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.dropped) as got:
        assert drop(grid, middle(grid, 2), encode_keys([17, 18], MIME))
    assert got.args == [2, (17, 18)] and grid.current == 2


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b"17", b"\xff\xfe", b'"17"', b"{}"])
def test_rubbish_of_another_program_is_not_taken(grid: VideoGrid, qtbot: QtBot, rubbish: bytes) -> None:
    for mime_type in (MIME, SLOT_MIME, "text/plain"):
        mime = QMimeData()
        mime.setData(mime_type, rubbish)
        with qtbot.assertNotEmitted(grid.dropped), qtbot.assertNotEmitted(grid.swapped):
            assert not drop(grid, middle(grid, 1), mime)


@pytest.mark.parametrize("pulled", ["a", 99, -1, 1])
def test_a_slot_that_is_none_or_the_same_changes_nothing(grid: VideoGrid, qtbot: QtBot, pulled: object) -> None:
    with qtbot.assertNotEmitted(grid.swapped):
        drop(grid, middle(grid, 1), encode_keys([pulled], SLOT_MIME))


def test_slots_change_places(grid: VideoGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.swapped) as got:
        drop(grid, middle(grid, 3), encode_keys([0], SLOT_MIME))
    assert got.args == [0, 3]


def test_arrows_go_from_slot_to_slot_and_stop_at_the_edge(grid: VideoGrid, qtbot: QtBot) -> None:
    grid.set_count(9)
    for key, wanted in [(Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Down, 7), (Qt.Key.Key_Down, 7),
                        (Qt.Key.Key_Left, 6), (Qt.Key.Key_Left, 6), (Qt.Key.Key_Up, 3)]:  # fmt: skip
        qtbot.keyClick(grid, key)
        assert grid.current == wanted


def test_one_fills_the_grid_by_enter_and_double_click_and_goes_back(grid: VideoGrid, qtbot: QtBot) -> None:
    grid.select(2)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert grid.large == 2 and grid.visible_slots() == frozenset({2}) and grid.slots[2].size() == grid.size()
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == 2
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert grid.large is None and all(slot.isVisible() for slot in grid.slots[:4])
    qtbot.mouseDClick(grid.slots[1], LEFT)
    assert grid.large == 1
    qtbot.mouseDClick(grid.slots[1], LEFT)
    assert grid.large is None


def test_delete_empties_the_keyboards_slot(grid: VideoGrid, qtbot: QtBot) -> None:
    qtbot.mouseClick(grid.slots[3], LEFT)
    with qtbot.waitSignal(grid.cleared) as got:
        qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert got.args == [3]


def test_a_picture_that_is_not_now_is_dimmed(grid: VideoGrid) -> None:
    slot = grid.slots[0]
    white = QImage(64, 36, QImage.Format.Format_RGB32)
    white.fill(QColor("white"))
    slot.show_picture(white)
    slot.set_face(SlotFace("东四路口", status="25 fps", tone=Tone.OK, live=True))
    at = QPoint(slot.width() // 4, slot.height() * 3 // 4)
    assert slot.grab().toImage().pixelColor(at).lightness() == 255
    slot.set_face(SlotFace("东四路口", status="已中断", tone=Tone.OVERDUE, words="已中断 00:00:12\n正在重连"))
    assert slot.grab().toImage().pixelColor(at).lightness() < 130


def test_the_picture_keeps_its_shape(grid: VideoGrid) -> None:
    slot = grid.slots[0]
    tall = QImage(100, 400, QImage.Format.Format_RGB32)
    tall.fill(QColor("white"))
    slot.show_picture(tall)
    slot.set_face(SlotFace("门口", live=True))
    shown = slot.grab().toImage()
    shade = current_theme().colors.picture_shade
    assert shown.pixelColor(5, slot.height() // 2) == shade
    assert shown.pixelColor(slot.width() // 2, slot.height() // 2) == QColor("white")


def test_a_reader_of_the_screen_hears_the_state(grid: VideoGrid) -> None:
    grid.slots[1].set_face(SlotFace("东四路口", status="无权查看", tone=Tone.NEAR, words="您的岗位不能看这一路"))
    assert "东四路口" in grid.slots[1].accessibleName() and "无权查看" in grid.slots[1].accessibleDescription()
    assert "空" in grid.slots[0].accessibleName()
