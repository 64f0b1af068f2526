"""会商督办, 定责记录: who lost and who won a case, read while somebody looks, opened on the desk, saved as a file."""

import csv
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import Busy
from tests.fakes.directory import org_id
from tests.fakes.session import PEOPLE
from tests.qt.ui.affairs_desk import open_affairs, shown, texts
from ui.screens.affairs.list_pane import MEETINGS, RULINGS, TABS
from widgets.live_table import StateKind

CONTROL = Qt.KeyboardModifier.ControlModifier
SUPERVISOR = PEOPLE["supervisor"]


def rule(city, record, loser, winner, reason, ago):
    """The case goes from one unit back to the centre and by ruling to another, so many seconds ago."""
    steps = (("dispatch", "dispatched", loser, {}), ("return_case", "returned", None, {"reason": "不属于"}),
             ("rule", "dispatched", winner, {"reason": reason}))
    now = city.now
    for number, (action, state, unit, what) in enumerate(steps):
        city.now = now - ago + number - 2
        new = replace(record.row, state=state, unit_id=unit, handler_id=unit, ruled=action == "rule")
        city.write(record, new, SUPERVISOR, "supervisor", action, what)
    city.now = now


@pytest.fixture
def ruled(city):
    """Three cases ruled: today, yesterday, half a year ago."""
    records = [record for record in city.records.values() if record.row.state == "filed"][:3]
    units = [org_id(name) for name in ("公安分局", "区水务局", "区住建委")]
    for number, (record, ago) in enumerate(zip(records, (60, 86_400, 180 * 86_400), strict=True)):
        rule(city, record, units[number], units[number - 1], f"按三定方案第{number}条", ago)
    return records


@pytest.fixture
def screen(make_place, qtbot, city, ruled):
    return open_affairs(make_place, qtbot, city, evening=False)


def cells(screen, row):
    model = screen.lists.table.model()
    return {c.key: c.text(model.value(model.keys()[row])) for c in model.columns if c.text is not None}


def show(screen, qtbot, count):
    qtbot.keyClick(screen.lists.table, Qt.Key.Key_5, CONTROL)
    qtbot.waitUntil(lambda: len(shown(screen)) == count)


def test_who_lost_and_who_won_by_whom_when_and_why(screen, qtbot, ruled):
    show(screen, qtbot, 2)
    assert screen.lists.showing == RULINGS and [key[0] for key in shown(screen)] == [r.row.id for r in ruled[:2]]
    told = cells(screen, 0)
    assert (told["from"], told["to"]) == tuple(map(screen.tools.words.unit, (org_id("公安分局"), org_id("区住建委"))))
    assert (told["reason"], told["by"]) == ("按三定方案第0条", SUPERVISOR.name)
    assert not screen.new_button.isVisible() and not screen.lists.over_button.isVisible()
    qtbot.mouseClick(screen.lists.tabs[MEETINGS], Qt.MouseButton.LeftButton)
    assert screen.lists.showing == MEETINGS and not screen.lists.rulings.watched and screen.new_button.isVisible()


def test_enter_opens_the_case_and_a_click_only_chooses(screen, qtbot, ruled):
    show(screen, qtbot, 2)
    opened = []
    screen.case_wanted.connect(opened.append)
    table = screen.lists.table
    second = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert opened == [] and screen.lists.current().case_id == ruled[1].row.id
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == [ruled[1].row.id]
    screen.begin_next()
    screen.begin_new()
    assert "按 Enter 打开案件" in texts(screen)[1] and "定责在案件上办理" in texts(screen)[0]


def test_further_back_is_read_when_it_is_asked_for(screen, qtbot, ruled):
    show(screen, qtbot, 2)
    assert screen.lists._heading(2) == (TABS[RULINGS], "近 92 天 2 件")
    qtbot.mouseClick(screen.lists.older, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown(screen)) == 3)
    assert shown(screen)[-1][0] == ruled[2].row.id and screen.lists.rulings.days == 184


def test_new_ones_come_with_f5_and_a_failure_can_be_tried_again(screen, qtbot, city, ruled):
    show(screen, qtbot, 2)
    rule(city, next(r for r in city.records.values() if r.row.state == "filed"), org_id("公安分局"), org_id("区水务局"),
         "再判", 5)
    screen.reload()
    qtbot.waitUntil(lambda: len(shown(screen)) == 3)
    screen.lists.show_tab(MEETINGS)
    screen.lists.rulings.rows = []
    screen.place.backend.session.queries.door.order(Busy("数据库没有及时回应"))
    screen.lists.show_tab(RULINGS)
    qtbot.waitUntil(lambda: (state := screen.lists.state_now()) is not None and state.kind is StateKind.ERROR)
    screen.lists.table.state_action.emit()
    qtbot.waitUntil(lambda: len(shown(screen)) == 3)


def test_the_list_is_saved_as_it_stands(screen, qtbot, tmp_path, ruled):
    show(screen, qtbot, 2)
    assert screen.lists.export_button.isVisible()
    path = tmp_path / "定责记录.csv"
    screen.lists.export.save(path)
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: any("已导出" in text for text in texts(screen)))
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [row["案件"] for row in rows] == [record.row.no for record in ruled[:2]]
    assert rows[0]["原单位"] == screen.tools.words.full(org_id("公安分局")) and rows[1]["理由"] == "按三定方案第1条"
