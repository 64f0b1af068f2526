"""A case under a whistle or an order says so in every queue and in its heading, as long as that lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from commandcenter.domain.joint import ORDER, WHISTLE
from tests.fakes.joint_rows import at, lane, summons
from tests.fakes.joint_town import town_of
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.models.hold_words import HELD
from ui.screens.desk.case_menu import CaseMenu
from ui.screens.desk.desk import DeskScreen
from widgets.live_table import KEY_ROLE
from widgets.tones import Tone


@pytest.fixture
def town(city):
    return town_of(city)


@pytest.fixture
def filed(city):
    return [record.row for record in city.records.values() if record.row.state == "filed"]


@pytest.fixture
def step(town):
    """step(number, state, cases, kind): a whistle comes to a state, and the feed says so."""
    rows = {}

    def go(number, state, cases=(), kind=WHISTLE):
        before = rows.get(number)
        row = summons(number, "占道经营", "和平里", (lane(1, "区城管委", lead=True),), state=state, kind=kind,
                      issued_at=at(14), cases=tuple(row.id for row in cases) or before.cases)
        rows[number] = replace(row, events=before.events + 1 if before else 1)
        town.put(rows[number])
        town.tell(row.id)
        return rows[number]
    return go


def cell(desk, row):
    """What the queue's mark says of a case."""
    model = desk.queue.rows.model
    return model.index(model.row_of(row.id), model.column_number(HELD)).data()


def count(desk):
    return next(item.count for item in desk.side_bar.queues.model().items if item.key == "whistled")


def chips(desk):
    return [chip.text() for chip in desk.case.head.held.chips]


def wait_for(qtbot, desk, row, mark):
    qtbot.waitUntil(lambda: cell(desk, row) == mark)


# ------------------------------------------------------------ the mark
def test_the_mark_comes_with_the_issue_follows_each_step_and_goes_when_it_is_over(desk, filed, step, qtbot):
    first, second, other = filed[:3]
    step(3, "draft", [first, second])
    step(3, "issued")
    wait_for(qtbot, desk, first, "哨 0003 待响应")
    assert (cell(desk, second), cell(desk, other)) == ("哨 0003 待响应", "")
    step(3, "acting")
    wait_for(qtbot, desk, first, "哨 0003 处置中")
    step(3, "rating")
    wait_for(qtbot, desk, first, "")
    assert cell(desk, second) == ""


def test_it_stands_in_every_queue_in_violet_with_its_word(make_desk, city, step, qtbot):
    running = next(record.row for record in city.records.values() if record.row.state == "in_progress")
    step(1, "issued", [running], ORDER)
    desk = make_desk(city, queue="running")
    wait_for(qtbot, desk, running, "令 0001 待确认")
    model = desk.queue.rows.model
    column = model.columns[model.column_number(HELD)]
    assert column.tone_of(model.value(running.id)) is Tone.MULTI
    assert "联合执法令 LH-" in column.tooltip(model.value(running.id))
    for queue in desk.place.queues:
        desk.show_queue(queue.key)
        assert desk.queue.rows.model.column_number(HELD)


def test_of_two_the_newest_is_named_and_how_many_more(desk, filed, step, qtbot):
    step(3, "issued", filed[:1])
    step(4, "acting", filed[:1], ORDER)
    wait_for(qtbot, desk, filed[0], "令 0004 执行中+1")


def test_what_is_drawn_and_sorted_follows_although_the_row_is_the_same(desk, filed, step, qtbot):
    table, model = desk.queue.table, desk.queue.rows.model
    model.sort_by(HELD)
    last = model.row_at(model.rowCount() - 1)
    before = table.grab().toImage()
    step(3, "issued", [last])
    wait_for(qtbot, desk, last, "哨 0003 待响应")
    assert model.row_of(last.id) == 0
    assert desk.place.live.row(last.id) is model.value(last.id)
    held = table.grab().toImage()
    step(3, "acting")
    wait_for(qtbot, desk, last, "哨 0003 处置中")
    assert len({bytes(image.constBits()) for image in (before, held, table.grab().toImage())}) == 3


# ------------------------------------------------------------ the queue
def test_the_queue_counts_cases_once_and_follows(desk, filed, city, step, qtbot):
    step(3, "issued", filed[:2])
    step(4, "responded", filed[1:3])
    step(5, "issued", filed[3:4], ORDER)
    qtbot.waitUntil(lambda: count(desk) == 3)
    desk.show_queue("whistled")
    assert set(desk.queue.rows.model.keys()) == {row.id for row in filed[:3]}
    step(4, "rating")
    qtbot.waitUntil(lambda: count(desk) == 2)
    qtbot.waitUntil(lambda: set(desk.queue.rows.model.keys()) == {row.id for row in filed[:2]})
    with city.lock:
        record = city.records[filed[0].id]
        record.row = replace(record.row, state="closed", open=False, version=9)
    city.tell(frozenset({filed[0].id}))
    qtbot.waitUntil(lambda: count(desk) == 1)


def test_without_whistles_read_there_is_no_figure(make_place, city, step, filed, qtbot):
    step(3, "issued", filed[:2])
    place = make_place(city)
    door = place.backend.session.joint_queries.door
    door.down = True
    desk = DeskScreen(place)
    qtbot.addWidget(desk)
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.ready and not desk.side_bar._redraw.isActive())
    assert count(desk) is None
    door.down = False
    qtbot.waitUntil(lambda: count(desk) == 2, timeout=10_000)


def test_a_whistle_is_no_arrival_of_its_cases(make_desk, city, step, qtbot, filed):
    desk = make_desk(city)
    step(3, "issued", filed)
    wait_for(qtbot, desk, filed[0], "哨 0003 待响应")
    assert not [note for note in desk.place.notices.notes() if note.key[0] == "watch"]


# ------------------------------------------------------------ opening it
@pytest.fixture
def wanted(desk):
    told = []
    desk.summons_wanted.connect(told.append)
    return told


def test_the_heading_says_it_and_opens_it_by_click_enter_and_key(desk, filed, step, wanted, qtbot):
    desk.open_case(filed[1].id)
    row = step(3, "issued", filed[1:2])
    qtbot.waitUntil(lambda: chips(desk) == ["哨 0003 待响应"])
    chip = desk.case.head.held.chips[0]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    qtbot.keyClick(desk.queue.table, Qt.Key.Key_W)
    assert wanted == [row, row, row]
    step(3, "withdrawn")
    qtbot.waitUntil(lambda: chips(desk) == [])
    qtbot.keyClick(desk.queue.table, Qt.Key.Key_W)
    assert len(wanted) == 3
    assert "没有吹哨" in desk.place.notices.notes()[0].text


def test_a_click_on_the_mark_opens_it_and_beside_it_or_with_ctrl_only_selects(desk, filed, step, wanted, qtbot):
    row = step(3, "issued", filed[:1])
    wait_for(qtbot, desk, filed[0], "哨 0003 待响应")
    table, model = desk.queue.table, desk.queue.rows.model

    def click(column, case, modifier=Qt.KeyboardModifier.NoModifier):
        place = table.visualRect(model.index(model.row_of(case.id), model.column_number(column))).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(place))

    click("minor", filed[0])
    click(HELD, filed[1])
    assert wanted == []
    click(HELD, filed[0])
    assert wanted == [row]
    assert table.currentIndex().data(KEY_ROLE) == filed[0].id


def test_the_menu_of_a_row_leads_to_each(desk, filed, step, wanted, qtbot):
    rows = [step(3, "issued", filed[:1]), step(4, "acting", filed[:1], ORDER)]
    wait_for(qtbot, desk, filed[0], "令 0004 执行中+1")
    menu = CaseMenu(desk.place, filed[0], [], [], desk)
    menu.summons_chosen.connect(desk.summons_wanted)
    found = [entry for entry in menu.actions() if entry.text().startswith("打开")]
    assert [entry.text().partition("\t")[0] for entry in found] == [
        f"打开联合执法令 {rows[1].no} 执行中", f"打开吹哨 {rows[0].no} 待响应"]  # fmt: skip
    found[1].trigger()
    assert wanted == [rows[0]]


def test_from_the_desk_to_the_board_and_by_words(make_place, qapp, qtbot, tmp_path, city, step, filed):
    row = step(3, "issued", filed[:1])
    place = make_place(city)
    preferences = Preferences(tmp_path)
    window = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    place.live.begin()
    qtbot.waitUntil(lambda: window.desk.complete, timeout=10_000)
    number = str(int(filed[0].no.rpartition("-")[2]))
    window.verbs.run(f"看哨 {number}")
    qtbot.waitUntil(lambda: window.open_joint() is not None and window.open_joint().opened == row)
    window.verbs.run("队列 吹哨")
    assert window.shown is window.desk
    assert window.desk.queue.rows.queue == "whistled"
    assert [said.text for said in window.verbs.complete("队列 吹")] == ["队列 吹哨"]
    with pytest.raises(VerbError, match="挂账督办、吹哨"):
        window.verbs.run("队列 没有")
