"""The board of whistles and orders: columns, counts, countdowns, filters, keys, and the place under the hand."""

from collections import Counter
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from commandcenter.domain.errors import ServerUnavailable
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import at, joint_id, lane, summons
from tests.fakes.joint_town import town_of
from tests.qt.ui.whistle_board import (
    CITY_BOARD,
    SUPERVISOR,
    card,
    column_of,
    elsewhere,
    open_board,
    open_card,
    row_of,
)
from ui.models.joint_cards import card as joint_card
from ui.models.joint_lanes import stages as lane_stages
from ui.models.joint_list import Entry, entry_columns
from ui.screens.whistle.summons_menu import SummonsMenu
from widgets.tones import Tone

DOWN, RIGHT, ENTER, ESC = Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def screen(make_place, qtbot, city):
    return open_board(make_place, qtbot, city)


@pytest.mark.parametrize(("kind", "columns"), [
    ("whistle", ["draft", "issued", "responded", "acting", "rating", "verifying"]),
    ("order", ["draft", "issued", "responded", "acting", "rating"]),
])
def test_every_open_one_of_its_kind_stands_in_the_column_of_its_state(make_place, qtbot, city, kind, columns):
    screen = open_board(make_place, qtbot, city, kind=kind)
    rows = [r.row for r in town_of(city).summons.values() if r.row.kind == kind and r.row.open]
    wanted = Counter(row.state for row in rows)
    shown = {key: view.figure for key, view in screen.board.board._columns.items()}
    assert list(shown) == columns and sum(wanted.values()) > 3
    assert shown == {state: str(wanted[state]) for state in columns}
    assert set(screen.board.board.keys()) == {row.id for row in rows}


def test_a_card_says_level_street_place_and_what_every_party_does(screen):
    said = card(screen, 3)
    assert (said.badge.text, said.badge.tone) == ("重点哨", Tone.NEAR)
    assert (said.corner, said.title, said.line) == ("和平里", "小区地桩地锁联合清理", "报到 15:30 青年湖北街 5 号院")
    assert [chip.text for chip in said.chips] == ["城管执法 ✓", "公安 ✓", "消防 …"]
    assert [chip.tone for chip in said.chips] == [Tone.OK, Tone.OK, Tone.MUTED]
    assert [chip.text for chip in card(screen, 7).chips] == ["应急 途中", "园林绿化 退?"]
    assert [chip.text for chip in card(screen, 8).chips] == ["水务 到", "园林绿化 迟到"]
    assert card(screen, 10).chips[2].text == "公安 —"
    assert card(screen, 5).line == "按时限报到 崇文门地铁站 B 口"


def test_of_many_parties_those_that_are_late_or_awaited_stand_first(screen):
    row = row_of(screen, 4)
    assert [chip.text for chip in card(screen, 4).chips] == ["住建委 !", "消防 ✓", "公安 ✓", "房管 ✓"]
    turned = replace(row, parties=tuple(reversed(row.parties)))
    chips = joint_card(turned, screen.tools.clock, screen.tools.words, at(14, 32)).chips
    assert [chip.text for chip in chips] == ["住建委 !", "房管 ✓", "公安 ✓", "消防 ✓"]


def test_the_countdown_that_matters_is_amber_near_its_limit_and_red_past_it(screen):
    clock, row = screen.tools.clock, row_of(screen, 3)
    due = row.party(3).confirm_due
    assert clock.note(row, due - 3600).text == "响应倒计时 01:00:00"
    assert clock.note(row, due - 3600).tone is not Tone.NEAR
    assert clock.note(row, due - 60) == replace(clock.note(row, due - 60), text="响应倒计时 00:01:00", tone=Tone.NEAR)
    late = clock.note(row, due + 432)
    assert (late.text, late.tone) == ("消防 响应超时 +00:07:12", Tone.OVERDUE)


def test_several_departments_awaited_are_violet_one_alone_is_not(screen):
    clock, row = screen.tools.clock, row_of(screen, 5)
    assert clock.note(row, at(14, 20)).tone is Tone.MULTI
    alone = replace(row, parties=row.parties[:1])
    assert clock.note(alone, at(14, 20)).tone is Tone.NORMAL


def test_a_missed_answer_stands_red_until_it_comes(screen):
    note = screen.tools.clock.note(row_of(screen, 4), at(14, 32))
    assert (note.text, note.tone) == ("住建委 响应超时 +00:07:00", Tone.OVERDUE)
    assert card(screen, 4).chips[0].text == "住建委 !"


def test_outside_office_hours_a_clock_that_runs_on_them_says_that_it_stands(screen):
    clock, words = screen.tools.clock, screen.tools.words.words
    row = replace(row_of(screen, 4), parties=(replace(row_of(screen, 4).parties[0], response=None),))
    evening, opens = at(20), at(8) + 86_400
    due = opens + 90 * 60
    party = replace(row.parties[0], confirm_due=due, clock="hours")
    row = replace(row, parties=(party,))
    assert clock.note(row, evening).text == "响应 停表 01:30:00"
    assert clock.why(clock.lane_due(row, party), evening) == f"工作时间外，停表；{words.date_time(opens)} 起继续计时"
    assert lane_stages(row, party, clock, screen.tools.words, evening)[0].text == "响应 停表 01:30:00"
    running = clock.note(row, due - 60)
    assert (running.text, running.tone) == ("响应倒计时 00:01:00", Tone.NEAR)
    assert clock.why(clock.lane_due(row, party), due - 60) == ""
    urgent = replace(row, parties=(replace(party, clock="urgent"),))
    assert clock.note(urgent, evening).text.startswith("响应倒计时 ")
    assert clock.note(row, due + 60).text.startswith("住建委 响应超时 +"), "what is late is late at night too"


def test_the_list_of_what_waits_says_until_when_a_clock_stands(screen):
    columns = entry_columns(screen.tools.words, screen.tools.clock, "下一步", lambda: at(20), True)
    (left,) = (column for column in columns if column.key == "left")
    row = row_of(screen, 3)
    party = replace(row.party(3), confirm_due=at(8) + 86_400 + 600, clock="hours")
    entry = Entry(replace(row, parties=(party,)), 3, "响应")
    assert left.live(entry, at(20)).text == "响应 停表 00:10:00"
    assert left.tooltip(entry).startswith("工作时间外，停表；")


def test_what_runs_out_first_stands_first(screen):
    keys = [c.key for c in screen.board.board.column("issued").list.cards.cards()]
    assert keys == [joint_id(4), joint_id(3), joint_id(5)]


def test_a_step_taken_elsewhere_moves_the_card_and_the_count(screen, city, qtbot):
    assert column_of(screen, 1) == "draft"
    elsewhere(city, SUPERVISOR, 1, "sign")
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    assert screen.board.board.column("draft").figure == "1"
    assert screen.board.board.column("issued").figure == "4"


def test_what_is_over_or_withdrawn_leaves_the_board(screen, city, qtbot):
    elsewhere(city, SUPERVISOR, 2, "discard", reason="误报")
    qtbot.waitUntil(lambda: column_of(screen, 2) is None)


def test_the_open_card_keeps_the_keyboard_when_it_moves(screen, city, qtbot):
    screen.board.board.focus_card(joint_id(1))
    elsewhere(city, SUPERVISOR, 1, "sign")
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    assert screen.board.board.current_key() == joint_id(1)
    assert screen.board.board.column("issued").list.hasFocus()


def test_arrivals_above_do_not_move_what_is_in_sight(make_place, qtbot, city):
    town = the_evening(city)
    for n in range(100, 140):
        town.put(summons(n, f"哨 {n}", "景山", (lane(1, "区城管委"),), drafted_at=at(9) + n))
    screen = open_board(make_place, qtbot, city, evening=False)
    cards = screen.board.board.column("draft").list
    cards.set_current(joint_id(130))
    cards.verticalScrollBar().setValue(cards.verticalScrollBar().maximum() // 2)
    seen = next(c.key for c in cards.cards.cards() if cards.card_rect(c.key).top() >= 0)
    before = cards.card_rect(seen).top()
    for n in range(50, 56):
        town.put(summons(n, f"早 {n}", "景山", (lane(1, "区城管委"),), drafted_at=at(8)))
        town.tell(joint_id(n))
    qtbot.waitUntil(lambda: screen.board.board.column("draft").figure == "48")
    assert abs(cards.card_rect(seen).top() - before) <= 1


def test_arrows_walk_over_the_cards_and_enter_opens(screen, qtbot):
    board = screen.board.board
    board.focus_card(joint_id(3))
    issued = board.column("issued").list
    qtbot.keyClick(issued, DOWN)
    assert board.current_key() == joint_id(5)
    qtbot.keyClick(issued, RIGHT)
    assert board.column("responded").list.hasFocus()
    here = board.current_key()
    qtbot.keyClick(board.column("responded").list, ENTER)
    qtbot.waitUntil(lambda: screen.opened is not None and screen.opened.id == here)


@pytest.mark.parametrize("key", [DOWN, RIGHT, ENTER])
def test_cards_that_come_later_are_reached_by_the_first_arrow_or_enter(make_place, qtbot, city, key):
    screen = open_board(make_place, qtbot, city, evening=False)
    screen.take_keyboard()
    town = the_evening(city)
    town.tell(*town.summons)
    qtbot.waitUntil(lambda: joint_id(1) in screen.board.board.keys())  # noqa: SIM118
    assert screen.board.board.current_key() is None
    first = screen.board.board.column("draft").list
    qtbot.keyClick(screen.focusWidget(), key)
    assert screen.board.board.current_key() == first.cards.key_at(0) and first.hasFocus() and screen.opened is None
    qtbot.keyClick(first, ENTER)
    assert screen.opened.id == first.cards.key_at(0)


def test_from_the_filters_words_enter_leads_to_the_first_card_that_fits(screen, qtbot):
    qtbot.keyClick(screen, Qt.Key.Key_Slash)
    screen.board.filters.search.setText("消防")
    qtbot.keyClick(screen.board.filters.search, ENTER)
    assert screen.board.board.current_key() == joint_id(2) and screen.opened is None


def test_enter_on_a_chip_moves_nothing(screen, qtbot):
    before = screen.board.board.current_key()
    screen.board.filters.mine.setFocus()
    screen.board.filters.find.setFocus()
    qtbot.keyClick(screen.board.filters.find, ENTER)
    assert screen.board.board.current_key() == before and not any(
        view.list.hasFocus() for view in screen.board.board.columns)


def test_an_arrow_passes_over_an_empty_column(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, kind="order")
    board = screen.board.board
    board.focus_card(joint_id(22))
    qtbot.keyClick(board.column("issued").list, RIGHT)
    assert board.column("responded").figure == "0" and board.column("acting").list.hasFocus()


def test_the_filter_hides_the_others_and_the_headings_count_both(screen, qtbot):
    qtbot.keyClick(screen, Qt.Key.Key_Slash)
    assert screen.board.filters.search.hasFocus()
    screen.board.filters.search.setText("消防")
    assert set(screen.board.board.keys()) == {joint_id(n) for n in (2, 3, 4)}
    assert screen.board.board.column("issued").figure == "2 / 3"
    screen.step_back()
    assert len(screen.board.board.keys()) == 11


def test_level_and_street_narrow_the_board(screen):
    screen.board.filters.level.select("key")
    screen.board.refresh()
    assert set(screen.board.board.keys()) == {joint_id(3), joint_id(6)}
    screen.board.filters.street.select(row_of(screen, 6).street_id)
    screen.board.refresh()
    assert screen.board.board.keys() == [joint_id(6)]


def test_a_unit_sees_only_what_concerns_it(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    unit = CITY_BOARD.duties[0].org_id
    shown = [row_of(screen, key % 1000) for key in screen.board.board.keys()]  # noqa: SIM118
    assert shown and all(unit in [p.unit_id for p in row.parties] for row in shown)


def test_while_disconnected_the_board_stands_still_and_says_so(screen, city, qtbot):
    screen.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: "连接已断开" in screen.board._detail.text())
    elsewhere(city, SUPERVISOR, 1, "sign")
    assert column_of(screen, 1) == "draft" and not screen.board.board.state_shown()
    screen.place.backend.session.feed.reconnect()
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    qtbot.waitUntil(lambda: "连接已断开" not in screen.board._detail.text())


def test_a_reading_that_fails_says_why_and_is_tried_again(make_place, qtbot, city):
    the_evening(city)
    place = make_place(city, "supervisor")
    place.backend.session.joint_queries.door.order(ServerUnavailable("数据库没有回应"))
    from ui.screens.whistle.screen import JointScreen
    screen = JointScreen(place, "whistle")
    qtbot.addWidget(screen)
    screen.show()
    place.live.begin()
    qtbot.waitUntil(lambda: "数据库没有回应" in screen.board.board._state.accessibleDescription())
    assert screen.board.board.state_shown()
    qtbot.waitUntil(lambda: screen.complete, timeout=10_000)
    assert not screen.board.board.state_shown() and screen.board.board.column("issued").figure == "3"


def test_an_empty_board_says_so_in_every_column(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, evening=False)
    assert [view.figure for view in screen.board.board.columns] == ["0"] * 6
    assert screen.board.board.column("draft")._empty.text() == "没有等待签批的哨"


def test_esc_closes_the_whistle_and_gives_the_keyboard_back_to_its_card(screen, qtbot):
    open_card(screen, qtbot, 6)
    qtbot.keyClick(screen, ESC)
    assert screen.opened is None
    assert screen.board.board.current_key() == joint_id(6)
    assert screen.board.board.column("responded").list.hasFocus()


def test_f4_gives_the_open_one_the_boards_room_and_back(screen, qtbot):
    open_card(screen, qtbot, 6)
    qtbot.keyClick(screen, Qt.Key.Key_F4)
    assert not screen.board.isVisible() and screen.summons.isVisible()
    qtbot.keyClick(screen, Qt.Key.Key_F4)
    assert screen.board.isVisible()


def test_the_cards_menu_offers_its_verbs_and_does_them(screen, city, qtbot):
    cards = screen.board.board.column("draft").list
    where = cards.viewport().mapToGlobal(cards.card_rect(joint_id(1)).center())
    screen.board.board.menu_wanted.emit(joint_id(1), where)
    menu = screen.findChildren(SummonsMenu)[0]
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[:2] == ["打开\tEnter", "签批吹哨"] and words[-1].startswith("复制编号 CS-")
    assert {"区城管委", "供电公司"} <= set(words)
    next(action for action in menu.actions() if action.text() == "签批吹哨").trigger()
    qtbot.waitUntil(lambda: town_of(city).summons[joint_id(1)].row.state == "issued")


def test_the_menu_key_asks_at_the_current_card(screen, qtbot):
    screen.board.board.focus_card(joint_id(6))
    cards = screen.board.board.column("responded").list
    with qtbot.waitSignal(screen.board.board.menu_wanted) as told:
        middle = cards.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, cards.mapToGlobal(middle))
        QApplication.sendEvent(cards.viewport(), event)
    assert told.args[0] == joint_id(6)


def test_an_answer_due_at_an_appointed_hour_runs_outside_office_hours_too(screen):
    clock, row = screen.tools.clock, row_of(screen, 3)
    lane = replace(row.party(3), state="pending", response=None, called_at=at(20), confirm_due=at(20, 54),
                   clock="hours")
    row = replace(row, parties=(lane,))
    due = clock.lane_due(row, lane)
    assert clock.left(due, at(20, 10)).text == "响应倒计时 00:44:00" and clock.why(due, at(20, 10)) == ""
    assert clock.left(due, at(20, 50)).tone is Tone.NEAR
    late = clock.left(due, at(21))
    assert late.text.startswith("响应超时 +") and late.tone is Tone.OVERDUE
