"""The unit board: drops, refusals, filter, keys, no flicker."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from widget_samples import sample_model, sample_sections

from widgets.board import CardData, Section, UnitBoard
from widgets.drag_keys import decode_keys, encode_keys

MIME = "application/x-sample"


@pytest.fixture
def board(qtbot):
    made = UnitBoard(MIME)
    qtbot.addWidget(made)
    made.set_heading("派给谁", "拖到卡片")
    made.set_sections(sample_sections())
    made.resize(560, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def mime():
    model = sample_model(8)
    return model.mimeData([model.index(3, 0), model.index(5, 0)])


def card(board, key):
    return next(card for card in board.cards() if card.data.key == key)


def enter(target, mime):
    event = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target, mime):
    move = QDragMoveEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                          Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(target, move)
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def test_dropped_rows_are_told_with_the_card(board, mime, qtbot):
    assert enter(card(board, "hpl"), mime)
    with qtbot.waitSignal(board.dropped) as told:
        assert drop(card(board, "hpl"), mime)
    assert told.args == [("002378", "002376"), "hpl"]


def test_whistle_target_takes_a_drop_too(board, mime, qtbot):
    enter(card(board, "whistle"), mime)
    with qtbot.waitSignal(board.dropped) as told:
        drop(card(board, "whistle"), mime)
    assert told.args[1] == "whistle"


def test_card_under_the_drag_invites_and_stops_when_it_leaves(board, mime):
    target = card(board, "hpl")
    enter(target, mime)
    assert target.inviting
    QApplication.sendEvent(target, QDragLeaveEvent())
    assert not target.inviting


def test_refused_card_says_why_and_takes_nothing(board, mime, qtbot):
    board.set_can_drop(lambda keys, key: "已退回过 2 次" if key == "区城管委" else None)
    board.begin_drag(("002378",))
    target = card(board, "区城管委")
    assert target.refusal == "已退回过 2 次"
    assert card(board, "hpl").refusal == ""
    assert not enter(target, mime)
    with qtbot.assertNotEmitted(board.dropped):
        assert not drop(target, mime)
    board.end_drag()
    assert card(board, "区城管委").refusal == ""


def test_refusal_is_asked_anew_at_the_drop(board, mime, qtbot):
    enter(card(board, "hpl"), mime)
    board.set_can_drop(lambda keys, key: "刚刚停用")
    with qtbot.assertNotEmitted(board.dropped), qtbot.waitSignal(board.refused) as told:
        assert not drop(card(board, "hpl"), mime)
    assert told.args[1] == "hpl"


def test_disabled_card_says_why_without_a_drag(board, mime):
    section = Section("one", "", (CardData("x", "某局", enabled=False, why_not="夜间不派"),))
    board.set_sections([section])
    assert card(board, "x").refusal == "夜间不派"
    assert not enter(card(board, "x"), mime)


@pytest.mark.parametrize("payload", [b"not json", b'{"a": 1}', b"[]"])
def test_foreign_or_broken_drags_are_refused(board, payload):
    mime = QMimeData()
    mime.setData(MIME, payload)
    assert not enter(card(board, "hpl"), mime)
    other = QMimeData()
    other.setText("002378")
    assert not enter(card(board, "hpl"), other)


def test_keys_survive_the_mime_type_also_as_tuples():
    keys = ("a", 7, ("东城", 12))
    assert decode_keys(encode_keys(keys, MIME), MIME) == keys


def test_new_figures_keep_the_card_widgets_and_the_focus(board):
    before = board.cards()
    before[3].setFocus()
    sections = sample_sections()
    cards = tuple(replace(data, count=(data.count or 0) + 1) for data in sections[1].cards)
    board.set_sections([sections[0], replace(sections[1], cards=cards), sections[2]])
    assert board.cards() == before
    assert before[3].hasFocus()
    assert before[2].data.count == 87


def test_reordered_and_removed_cards_are_laid_out_anew(board, qtbot):
    sections = sample_sections()
    cards = tuple(reversed(sections[1].cards[:4]))
    kept = card(board, "区城管委")
    board.set_sections([replace(sections[1], cards=cards)])
    assert [one.data.key for one in board.cards()] == [data.key for data in cards]
    assert card(board, "区城管委") is kept
    qtbot.waitUntil(lambda: board.cards()[0].x() < board.cards()[1].x())
    assert board.cards()[0].y() == board.cards()[1].y()


def test_filter_finds_by_title_and_by_pinyin(board):
    board.set_filter_text("hpl")
    assert [one.data.key for one in board.cards() if one.isVisible()] == ["hpl"]
    board.set_filter_text("城管")
    assert [one.data.key for one in board.cards() if one.isVisible()] == ["区城管执法局", "区城管委"]
    board.set_filter_text("没有这样的")
    assert not any(one.isVisible() for one in board.cards())
    assert board._none.isVisible()
    board.findChild(QLineEdit).clear()
    assert all(one.isVisible() for one in board.cards())


def test_hotkey_finds_only_enabled_cards(board):
    assert board.card_for_hotkey(1) == "hpl"
    assert board.card_for_hotkey(9) is None
    off = CardData("x", "某局", hotkey=1, enabled=False)
    board.set_sections([Section("one", "", (off,))])
    assert board.card_for_hotkey(1) is None


def test_click_enter_and_arrows(board, qtbot):
    with qtbot.waitSignal(board.card_clicked) as told:
        qtbot.mouseClick(card(board, "js"), Qt.MouseButton.LeftButton)
    assert told.args == ["js"]
    card(board, "hpl").setFocus()
    qtbot.keyClick(card(board, "hpl"), Qt.Key.Key_Right)
    assert card(board, "js").hasFocus()
    qtbot.keyClick(card(board, "js"), Qt.Key.Key_Down)
    assert card(board, "区城管委").hasFocus()
    with qtbot.waitSignal(board.card_clicked) as told:
        qtbot.keyClick(card(board, "区城管委"), Qt.Key.Key_Return)
    assert told.args == ["区城管委"]


def test_card_is_read_aloud_with_its_figures(board):
    assert card(board, "区城管执法局").accessibleName() == "区城管执法局，在办 86，超期 4"


def test_a_long_reason_gives_way_to_the_figure_beside_it(board):
    target = card(board, "hpl")
    data = replace(target.data, subtitle="平均处置 128.5 h", reason="")
    target.set_data(data)
    figure = target.fontMetrics().horizontalAdvance(data.subtitle)
    left = QRect(0, 0, min(figure, target.width() * 2 // 3), target.height())
    alone = target.grab(left).toImage()
    target.set_data(replace(data, reason="部件主管部门，近三十日同类案件处置最多，现有在办最少"))
    assert target.grab(left).toImage() == alone
    assert target.grab().toImage() != alone.copy(target.rect())
