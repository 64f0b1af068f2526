"""Columns of cards: precise changes, the place under the hand, keys, and what a card says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from widgets.durations import LiveText
from widgets.kanban import CardChip, KanbanBoard, KanbanCard, KanbanColumn
from widgets.kanban.model import CARD_ROLE, CardModel
from widgets.tones import Tone

cards = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(("甲", "乙"))), max_size=9, unique_by=lambda c: c[0])


def made(*keys, title="甲"):
    return tuple(KanbanCard(key, f"{title} {key}") for key in keys)


@pytest.fixture
def board(qtbot):
    shown = KanbanBoard()
    qtbot.addWidget(shown)
    shown.resize(900, 500)
    shown.show()
    return shown


def columns(**keys):
    return [KanbanColumn(name, name, made(*wanted)) for name, wanted in keys.items()]


@settings(max_examples=150, deadline=None)
@given(cards, cards)
def test_any_list_follows_any_other_and_listeners_are_told_exactly_that(before, after):
    model = CardModel()
    model.set_cards([KanbanCard(key, title) for key, title in before])
    mirror = [key for key, _ in before]
    model.rowsInserted.connect(lambda _, first, last: mirror.__setitem__(
        slice(first, first), [model.key_at(row) for row in range(first, last + 1)]))
    model.rowsRemoved.connect(lambda _, first, last: mirror.__delitem__(slice(first, last + 1)))
    model.rowsMoved.connect(lambda _, start, __, ___, row: mirror.insert(row, mirror.pop(start)))
    model.set_cards([KanbanCard(key, title) for key, title in after])
    assert mirror == [key for key, _ in after] == [card.key for card in model.cards()]
    assert [card.title for card in model.cards()] == [title for _, title in after]


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = CardModel()
    model.set_cards(made(1, 2, 3))
    qtmodeltester.check(model, force_py=False)
    model.set_cards(made(3, 4, 1))
    qtmodeltester.check(model, force_py=False)


def test_a_card_that_is_the_same_is_not_told(qtbot):
    model = CardModel()
    model.set_cards(made(1, 2))
    seen = []
    model.dataChanged.connect(lambda top, _: seen.append(top.row()))
    model.set_cards((made(1)[0], replace(made(2)[0], corner="东四")))
    assert seen == [1]


def test_a_long_column_comes_and_goes_in_one_piece():
    model, told = CardModel(), []
    model.rowsInserted.connect(lambda _, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: told.append(("out", first, last)))
    model.set_cards(made(*range(500)))
    model.set_cards(made(0, *range(400, 600)))
    assert told == [("in", 0, 499), ("out", 1, 399), ("in", 101, 200)]


def test_cards_that_are_still_being_made_are_counted_and_the_column_is_not_called_empty(board):
    column = KanbanColumn("a", "甲", made(1, 2), total=5, coming=3)
    assert column.figure == "5" and replace(column, total=9).figure == "5 / 9"
    board.set_columns([replace(column, cards=(), empty="没有")])
    assert board.column("a").figure == "3 / 5" and board.column("a")._empty.isHidden()
    board.set_columns([KanbanColumn("a", "甲", empty="没有")])
    assert not board.column("a")._empty.isHidden()


def test_a_column_counts_what_a_filter_hides():
    assert KanbanColumn("a", "甲", made(1, 2), total=5).figure == "2 / 5"
    assert KanbanColumn("a", "甲", made(1, 2), total=2).figure == "2"
    assert KanbanColumn("a", "甲", made(*range(1200))).figure == "1,200"


def test_clicking_and_enter_open(board, qtbot):
    board.set_columns(columns(a=(1, 2), b=(3,)))
    opened = []
    board.opened.connect(opened.append)
    rows = board.column("a").list
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.card_rect(2).center())
    qtbot.keyClick(rows, Qt.Key.Key_Up)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert opened == [2, 1]


def test_side_arrows_skip_empty_columns_and_stop_at_the_ends(board, qtbot):
    board.set_columns(columns(a=(1,), b=(), c=(3,)))
    board.focus_card(1)
    qtbot.keyClick(board.column("a").list, Qt.Key.Key_Right)
    assert board.current_key() == 3 and board.column("c").list.hasFocus()
    qtbot.keyClick(board.column("c").list, Qt.Key.Key_Right)
    assert board.column("c").list.hasFocus()


def test_a_card_that_leaves_gives_the_keyboard_to_its_neighbour(board, qtbot):
    board.set_columns(columns(a=(1, 2, 3), b=()))
    board.focus_card(2)
    board.set_columns(columns(a=(1, 3), b=()))
    assert board.current_key() in (1, 3) and board.column("a").list.hasFocus()


def test_letters_belong_to_the_screen(board, qtbot):
    board.set_columns(columns(a=(1, 2)))
    board.focus_card(1)
    qtbot.keyClick(board.column("a").list, Qt.Key.Key_A)
    assert board.current_key() == 1


def test_the_ticking_line_asks_for_its_text_each_time(board, qtbot):
    asked = []

    def live(key, now):
        asked.append((key, now))
        return LiveText("00:00:01", Tone.NEAR)

    board.set_live(live, lambda: 7.0)
    board.set_columns(columns(a=(1,)))
    board.tick()
    qtbot.waitUntil(lambda: (1, 7.0) in asked)


def test_a_screen_reader_hears_the_whole_card(board):
    card = KanbanCard(1, "占道经营", CardChip("重点哨", Tone.NEAR), "东四", "报到 14:50", chips=(
        CardChip("城管 ✓", Tone.OK, "城管执法局 已响应"),))
    board.set_columns([KanbanColumn("a", "待响应", (card,))])
    index = board.column("a").list.model().index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "重点哨，占道经营，东四，报到 14:50，城管执法局 已响应"
    assert index.data(CARD_ROLE) == card
