"""会商督办, 已办结: what is over page after page, its states and keys; the ledger's archived whistles; a stopped clock;
the list of tasks as a file."""

import csv
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from shiboken6 import isValid

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.errors import Busy
from commandcenter.domain.model import Calendar
from tests.fakes.city import ZONE
from tests.fakes.joint_rows import at, joint_id, lane, meeting, summons, task
from tests.fakes.joint_town import town_of
from tests.fakes.session import person
from tests.qt.ui.affairs_desk import HOUSING, SUPERVISOR, elsewhere, open_affairs, shown, texts
from ui.models.affair_columns import resumes, task_columns
from ui.screens.affairs import closed_list
from ui.screens.affairs.list_pane import LEDGER, MEETINGS, TASKS
from ui.screens.affairs.screen import AffairsScreen
from widgets.live_table import StateKind

CONTROL = Qt.KeyboardModifier.ControlModifier
OFFICE = {"hours": ((9 * 3600, 12 * 3600), (14 * 3600, 18 * 3600))}


@pytest.fixture
def screen(make_place, qtbot, city):
    town = town_of(city)
    for number in range(71, 74):
        town.put(meeting(number, f"办结会商{number}", "东城区", at(9), {"公安分局": "present"}, state="closed",
                         open=False, closed_at=at(9)))
    for number in range(81, 86):
        town.put(task(number, f"办结事项{number}", "公安分局", "东城区", at(9), state="done", open=False,
                      closed_at=at(8), overdue=number == 82))
    return open_affairs(make_place, qtbot, city)


def over(screen, qtbot, name, keys):
    screen.lists.show_tab(name)
    qtbot.mouseClick(screen.lists.over_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(screen) == keys)


def column(screen, key):
    return next(c for c in screen.lists.table.model().columns if c.key == key)


# ------------------------------------------------------------ what is over
def test_closed_meetings_by_key_newest_first_and_back(screen, qtbot):
    live = shown(screen)
    qtbot.keyClick(screen, Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: shown(screen) == [joint_id(73), joint_id(72), joint_id(71)])
    assert screen.lists.over and screen.lists.state_now() is None
    row = screen.lists.table.model().value(joint_id(73))
    assert column(screen, "state").text(row) == "已办结" and column(screen, "closed").text(row)
    assert screen.lists.tabs[MEETINGS].text() == f"会商 {len(live)}", "the count stays of what is under way"
    qtbot.keyClick(screen, Qt.Key.Key_4, CONTROL)
    assert shown(screen) == live


def test_pages_follow_by_the_chip_and_at_the_end_of_the_list(screen, qtbot, monkeypatch):
    monkeypatch.setattr(closed_list, "PAGE", 2)
    lists = screen.lists
    over(screen, qtbot, TASKS, [joint_id(85), joint_id(84)])
    assert lists.older.isVisible()
    qtbot.mouseClick(lists.older, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(screen)[:4] == [joint_id(n) for n in (85, 84, 83, 82)])
    screen.resize(1366, 260)
    bar = lists.table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and not lists.closed.busy)

    def at_the_end() -> bool:  # which moves down as long as the room is laid out
        bar.setValue(bar.maximum())
        return shown(screen) == [joint_id(n) for n in (85, 84, 83, 82, 81)]

    qtbot.waitUntil(at_the_end)
    qtbot.waitUntil(lambda: not lists.older.isVisible())


def test_one_that_is_closed_now_comes_to_those_that_are_over(screen, city, qtbot):
    over(screen, qtbot, TASKS, [joint_id(n) for n in (85, 84, 83, 82, 81)])
    model = screen.lists.table.model()
    assert [column(screen, "state").text(model.value(joint_id(n))) for n in (81, 82)] == ["已销号", "超期销号"]
    elsewhere(city, SUPERVISOR, "task", 42, "accept")
    qtbot.waitUntil(lambda: joint_id(42) in shown(screen))


def test_one_that_is_over_opens(screen, qtbot):
    over(screen, qtbot, MEETINGS, [joint_id(73), joint_id(72), joint_id(71)])
    screen.lists.table.set_current(joint_id(72))
    qtbot.keyClick(screen.lists.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.affair.file is not None and screen.affair.row.id == joint_id(72))
    assert "已办结" in screen.affair.state_text()


def test_what_cannot_be_read_says_so_and_is_read_again(screen, qtbot):
    lists = screen.lists
    screen.place.backend.session.joint_queries.door.order(Busy("数据库忙"))
    lists.toggle_over()
    assert lists.state_now().kind is StateKind.LOADING
    qtbot.waitUntil(lambda: lists.state_now() is not None and lists.state_now().kind is StateKind.ERROR)
    assert lists.state_now().hint == "数据库忙"
    lists.table.state_action.emit()
    qtbot.waitUntil(lambda: len(shown(screen)) == 3 and lists.state_now() is None)


def test_nothing_over_and_no_connection_are_said(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city)
    screen.lists.toggle_over()
    qtbot.waitUntil(lambda: screen.lists.state_now().title == "还没有办结的会商")
    screen.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: screen.lists.state_now().kind is StateKind.DISCONNECTED)


def test_only_what_one_sees_and_none_for_the_ledger(make_place, city, qtbot, screen):
    other = open_affairs(make_place, qtbot, city, HOUSING, evening=False)
    other.lists.toggle_over()
    qtbot.waitUntil(lambda: other.lists.state_now() is not None and other.lists.state_now().kind is StateKind.EMPTY)
    other.lists.show_tab(LEDGER)
    assert not other.lists.over and not other.lists.over_button.isVisible()
    other.lists.toggle_over()
    assert not other.lists.over


# ------------------------------------------------------------ the ledger
def test_an_archived_whistle_clears_in_the_list_too(make_place, city, qtbot):
    record = next(iter(city.records.values()))
    street = next(org.id for org in city.directory.orgs.values() if org.short_name == "天坛")
    record.row = replace(record.row, state="force_closed", open=False, on_ledger=True, street_id=street, deadline=None)
    town_of(city).put(summons(61, "积存垃圾", "天坛", (lane(1, "区城管委", "signed"),), state="archived",
                              closed_at=at(11), archived_at=at(12), cases=(record.row.id,)))
    screen = open_affairs(make_place, qtbot, city, person(8, "j0007", ("street_leader", "天坛")), evening=False)
    screen.lists.show_tab(LEDGER)
    qtbot.waitUntil(lambda: shown(screen) == [record.row.id])

    def said():
        return column(screen, "whistle").text(screen.lists.table.model().value(record.row.id))
    qtbot.waitUntil(lambda: said().startswith("可销账") and said().endswith("0061"))


# ------------------------------------------------------------ the clock
def moment(day, hour, minute=0):
    return datetime(2025, 6, day, hour, minute, tzinfo=ZONE).timestamp()


def test_a_stopped_clock_says_so_and_when_it_goes_on(screen):
    days = tuple((f"2025-06-{day:02d}", day not in (21, 22)) for day in range(16, 28))
    work_time = WorkTime(Calendar(str(ZONE), OFFICE, days))
    sunday, monday = moment(22, 10), moment(23, 10)
    assert resumes(work_time, sunday) == moment(23, 9)
    assert resumes(work_time, moment(20, 12, 30)) == moment(20, 14)
    assert resumes(work_time, monday) is None
    row = task(1, "x", "公安分局", "东城区", moment(23, 9))
    words = screen.tools.words
    (left,) = (c for c in task_columns(words, work_time, lambda: sunday) if c.key == "left")
    assert left.live(row, sunday).text == "停表 00:00:00"
    assert "工作时间外" in left.tooltip(row) and "09:00 起继续计时" in left.tooltip(row)
    assert left.live(replace(row, due=moment(23, 12)), monday).text == "02:00:00"
    (left,) = (c for c in task_columns(words, work_time, lambda: monday) if c.key == "left")
    assert left.tooltip(replace(row, due=moment(23, 12))) == ""
    assert left.live(row, monday).text.startswith("-"), "what is late is late on Sundays too"


# ------------------------------------------------------------ as a file
def test_the_tasks_listed_are_written_in_their_order(screen, qtbot, tmp_path):
    over(screen, qtbot, TASKS, [joint_id(n) for n in (85, 84, 83, 82, 81)])
    assert screen.lists.export_button.isVisible()
    path = tmp_path / "交办.csv"
    screen.lists.export.save(path)
    qtbot.waitUntil(lambda: any("已导出" in text for text in texts(screen)))
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [row["事项"] for row in rows] == [f"办结事项{n}" for n in (85, 84, 83, 82, 81)]
    assert rows[0]["状态"] == "已销号" and rows[0]["办结时间"] == "2025-06-18 08:00"
    assert [row["超期"] for row in rows] == ["", "", "", "是", ""]


def test_a_file_that_cannot_be_written_is_told(screen, qtbot, tmp_path):
    screen.lists.show_tab(TASKS)
    screen.lists.export.save(tmp_path / "none" / "x.csv")
    qtbot.waitUntil(lambda: any("没有导出" in text and "x.csv 写不了" in text for text in texts(screen)))


def test_a_screen_that_is_closed_asks_no_more(screen, city, qtbot):
    place, second = screen.place, AffairsScreen(screen.place)
    second.lists.toggle_over()
    qtbot.waitUntil(lambda: len(second.lists.closed.rows) == 3)
    second.lists.closed.reload()  # its answer comes when nobody waits for it
    second.deleteLater()
    qtbot.waitUntil(lambda: not isValid(second))
    asked, queries = [], place.backend.session.joint_queries
    queries.closed_meetings = lambda *args: asked.append(args) or []
    elsewhere(city, SUPERVISOR, "task", 42, "accept")
    qtbot.waitUntil(lambda: joint_id(42) not in place.joint.picture.tasks)
    qtbot.wait(500)  # an error of a slot of the closed screen would fail the test
    assert asked == []
