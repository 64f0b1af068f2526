"""会商督办: meetings, tasks and the ledger in one screen; forms, refusals, live changes, states."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import Busy, NotFound
from commandcenter.domain.joint import WHISTLE, JointEvent
from commandcenter.domain.joint_workflow import load_machine
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import at, joint_id, lane, meeting, summons, task
from tests.fakes.joint_town import town_of
from tests.fakes.photos import street_png
from tests.fakes.session import person
from tests.qt.ui.affairs_desk import (
    HOUSING,
    POLICE,
    POWER,
    SUPERVISOR,
    elsewhere,
    open_affairs,
    open_one,
    shown,
    texts,
)
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.forms.evidence_file import DraftAttachment
from ui.models.affair_columns import attendance_words
from ui.models.joint_trace import event_text
from ui.screens.affairs.list_pane import LEDGER, MEETINGS, TASKS
from widgets.form_field import FormField
from widgets.live_table import StateKind
from widgets.tones import Tone

ENTER, ESC, CONTROL = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ControlModifier
LEADER = person(8, "j0007", ("street_leader", "天坛"))


@pytest.fixture
def screen(make_place, qtbot, city):
    return open_affairs(make_place, qtbot, city)


def offered(screen, unit=None):
    return [(s.action.code, s.attendance) if s.attendance else s.action.code for s in screen.affair.steps
            if s.unit_id == unit]


def form(screen, qtbot, code):
    """Open the form of an action on what is shown."""
    screen.affair.begin(next(s for s in screen.affair.steps if s.action.code == code))
    qtbot.waitUntil(lambda: screen.affair.form.form is not None)
    return screen.affair.form.form


def unit_of(screen, name):
    return next(org.id for org in screen.place.backend.directory.orgs.values() if org.short_name == name)


# ------------------------------------------------------------ lists
def test_three_lists_by_key_and_mouse_with_their_counts(screen, qtbot):
    lists = screen.lists
    assert [button.text() for button in lists.tabs.values()] == ["会商 2", "交办与整改 3", "挂账 0", "定责记录"]
    assert set(shown(screen)) == {joint_id(31), joint_id(32)}
    qtbot.keyClick(screen, Qt.Key.Key_2, CONTROL)
    assert lists.showing == TASKS and set(shown(screen)) == {joint_id(41), joint_id(42), joint_id(43)}
    qtbot.mouseClick(lists.tabs[LEDGER], Qt.MouseButton.LeftButton)
    assert lists.showing == LEDGER and lists.state_now().kind is StateKind.EMPTY
    qtbot.keyClick(screen, Qt.Key.Key_1, CONTROL)
    assert lists.showing == MEETINGS


def test_what_is_due_first_stands_first(screen):
    screen.lists.show_tab(TASKS)
    assert shown(screen) == [joint_id(43), joint_id(42), joint_id(41)]


def test_attendance_in_words():
    row = meeting(1, "x", "东城区", at(10), {"区住建委": "confirmed", "公安分局": "invited"})
    assert attendance_words(row) == "已确认 1/2"
    came = replace(row, attendees=tuple((unit, "present") for unit, _ in row.attendees), state="held")
    assert attendance_words(came) == "到会 2/2"


def test_a_new_meeting_appears_and_one_that_is_over_leaves(screen, city, qtbot):
    town = town_of(city)
    made = town.put(meeting(51, "新的会商", "东城区", at(17), {"公安分局": "invited"}))
    town.tell(made.row.id)
    qtbot.waitUntil(lambda: made.row.id in shown(screen))
    assert screen.lists.tabs[MEETINGS].text() == "会商 3"
    elsewhere(city, SUPERVISOR, "meeting", 51, "cancel", reason="不开了")
    qtbot.waitUntil(lambda: made.row.id not in shown(screen))


def test_enter_and_click_open_and_escape_closes(screen, qtbot):
    screen.lists.table.set_current(joint_id(31))
    qtbot.keyClick(screen.lists.table, ENTER)
    qtbot.waitUntil(lambda: screen.affair.complete and screen.affair.row is not None)
    assert screen.affair.row.id == joint_id(31)
    qtbot.keyClick(screen.lists.table, ESC)
    assert screen.affair.row is None and screen._right.currentWidget() is screen._nothing
    assert screen.lists.table.hasFocus()


# ------------------------------------------------------------ a meeting
def test_a_meeting_shows_who_is_called_what_is_on_the_table_and_what_was_done(screen, qtbot):
    pane = open_one(screen, qtbot, "meeting", 31)
    assert pane._title.text() == "地下空间违规住人清退方案" and pane.state_text() == "已通知"
    shown_texts = [value.text() for _, value in facts_of(pane)]
    assert "一、清退顺序；二、安置；三、封堵。" in shown_texts
    assert offered(screen, unit_of(screen, "公安分局")) == [
        ("attend", "present"), ("attend", "absent"), ("attend", "excused")]
    assert "hold" not in offered(screen), "not before everybody is registered"


def facts_of(pane):
    grid = pane.facts._grid
    return [(grid.itemAtPosition(row, 0).widget(), grid.itemAtPosition(row, 1).widget())
            for row in range(grid.rowCount()) if grid.itemAtPosition(row, 1) is not None]


def test_registering_everybody_leads_to_decisions_and_tasks(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, SUPERVISOR)
    pane = open_one(screen, qtbot, "meeting", 31)
    for name, word in (("公安分局", "到会"), ("区住建委", "缺席")):
        unit = unit_of(screen, name)
        qtbot.mouseClick(pane.attendees.button(f"{word} {unit}"), Qt.MouseButton.LeftButton)
        state = {"到会": "present", "缺席": "absent"}[word]
        qtbot.waitUntil(lambda u=unit, s=state: dict(pane.row.attendees)[u] == s)
    qtbot.waitUntil(lambda: "hold" in offered(screen))
    typed = form(screen, qtbot, "hold")
    typed.set_values({"decisions": "三日内清退\n公安牵头"})
    typed.submit()
    qtbot.waitUntil(lambda: pane.row.state == "held" and pane.form.form is None)
    qtbot.waitUntil(lambda: any("三日内清退" in value.text() for _, value in facts_of(pane)))
    assert any("区住建委 已登记缺席" in text for text in texts(screen))
    screen.begin_next()
    assert "close" in offered(screen) and pane.row.state == "held", "F2 ends no meeting of which nothing was given out"
    assert any("还没有交办事项" in text for text in texts(screen))
    police = unit_of(screen, "公安分局")
    pane.begin(next(s for s in pane.steps if s.action.code == "assign" and s.unit_id == police))
    qtbot.waitUntil(lambda: pane.form.form is not None)
    assert pane.form.form._editors["title"].accessibleName() == "事项，必填"
    assert "公安分局" in pane.form.form.title.text() and "unit_id" not in pane.form.form._editors
    pane.form.form.set_values({"title": "清退", "due": "2026-12-01T18:00:00+08:00"})
    pane.form.form.submit()
    qtbot.waitUntil(lambda: any(t.meeting_id == joint_id(31) for t in screen.place.joint.picture.tasks.values()))
    made = next(t for t in screen.place.joint.picture.tasks.values() if t.meeting_id == joint_id(31))
    assert (made.title, made.unit_id) == ("清退", police)
    qtbot.waitUntil(lambda: "close" not in offered(screen))


def test_a_task_of_a_meeting_is_told_in_lines_that_fit_and_asks_for_its_proof_by_name(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, SUPERVISOR)
    pane = open_one(screen, qtbot, "meeting", 32)
    link = next(value for name, value in facts_of(pane) if name.text() == "交办事项")
    line = next(value for _, value in facts_of(pane) if "供电公司" in value.text() and "待办" in value.text())
    assert link.text() == "0041 提交景山东街停电方案" and line.wordWrap()
    screen = open_affairs(make_place, qtbot, city, POWER)
    open_one(screen, qtbot, "task", 41)
    names = [field._label.text() for field in form(screen, qtbot, "report").findChildren(FormField)]
    assert "附件（处置后、文书、现场） · 须有一件" in names


def test_the_trace_says_what_hands_gave_and_what_the_clock_said():
    def said(machine, action, **what):
        event = JointEvent(1, 0.0, 0.0, 1, "z", "周航", "supervisor", action, "", "", None, None, what)
        return event_text(event, load_machine(machine), None)
    assert said("party", "respond", response="on_time") == "按时响应"
    assert said("party", "arrive", arrival="early", response="late") == "提前；迟响应"
    assert said("party", "decide", response="late", reason="按响应时间计") == "响应记录更正为：迟响应；按响应时间计"
    assert said("meeting", "attend", attendance="absent") == "到会情况：缺席"


def test_a_unit_answers_for_itself_alone(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, POLICE)
    pane = open_one(screen, qtbot, "meeting", 31)
    own, other = unit_of(screen, "公安分局"), unit_of(screen, "区住建委")
    assert offered(screen, own) == ["confirm", "excuse"] and offered(screen, other) == []
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: dict(pane.row.attendees)[own] == "confirmed")
    qtbot.waitUntil(lambda: offered(screen, own) == ["excuse"])
    assert any("确认参会" in text for text in texts(screen))
    typed = form(screen, qtbot, "excuse")
    typed.submit()
    assert typed.error_of("reason") == "请填写此项"
    typed.set_values({"reason": "另有任务"})
    typed.submit()
    qtbot.waitUntil(lambda: dict(pane.row.attendees)[own] == "excused")


def test_what_others_do_shows_at_once_and_leaves_the_form_alone(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, SUPERVISOR)
    pane = open_one(screen, qtbot, "meeting", 31)
    typed = form(screen, qtbot, "reschedule")
    typed.set_values({"reason": "天气不好"})
    elsewhere(city, POLICE, "meeting", 31, "confirm", unit_id=unit_of(screen, "公安分局"))
    qtbot.waitUntil(lambda: dict(pane.row.attendees)[unit_of(screen, "公安分局")] == "confirmed")
    assert typed.values()["reason"] == "天气不好" and typed.submit_button.isEnabled()
    elsewhere(city, SUPERVISOR, "meeting", 31, "cancel", reason="不开了")
    qtbot.waitUntil(lambda: not typed.submit_button.isEnabled())
    assert "已取消" in typed.notice.text() and typed.values()["reason"] == "天气不好"


# ------------------------------------------------------------ a task
def test_a_task_is_reported_with_a_picture_and_struck_off(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, POWER)
    screen.lists.show_tab(TASKS)
    assert shown(screen) == [joint_id(41)]
    pane = open_one(screen, qtbot, "task", 41)
    typed = form(screen, qtbot, "report")
    typed.set_values({"result": "方案已提交"})
    typed.set_attachments([DraftAttachment("after", "方案.png", "image/png", street_png(1))])
    typed.submit()
    qtbot.waitUntil(lambda: pane.row.state == "reported" and pane.form.form is None)
    qtbot.waitUntil(lambda: pane.file.result == "方案已提交" and len(pane.photos.all()) == 1 and pane.complete)
    assert pane.strip.isVisible() and offered(screen) == ["note"]


def test_whoever_watches_a_task_accepts_it_or_sends_it_back(screen, city, qtbot):
    pane = open_one(screen, qtbot, "task", 42)
    assert offered(screen)[:2] == ["accept", "return_task"]
    assert "已核查 41 户，6 户立案。" in [value.text() for _, value in facts_of(pane)]
    typed = form(screen, qtbot, "return_task")
    typed.set_values({"reason": "补立案文书"})
    typed.submit()
    qtbot.waitUntil(lambda: pane.row.state == "open" and pane.row.reworks == 1)
    elsewhere(city, person(7, "c0012", ("handler", "区生态环境局")), "task", 42, "report", result="已补")
    qtbot.waitUntil(lambda: pane.row.state == "reported")
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: any("已销号" in text for text in texts(screen)))
    qtbot.waitUntil(lambda: joint_id(42) not in screen.place.joint.picture.tasks)


def test_an_overdue_rectification_says_so(screen, qtbot):
    pane = open_one(screen, qtbot, "task", 43)
    assert pane.state_text() == "超期 · 待办" and pane._state.property("tone") == Tone.OVERDUE.value
    assert "cancel" not in offered(screen) and "extend" not in offered(screen)
    model = screen.lists.table.model()
    screen.lists.show_tab(TASKS)
    model = screen.lists.table.model()
    left = next(c for c in model.columns if c.key == "left")
    live = left.live(model.value(joint_id(43)), screen.place.live.clock.now())
    assert live.tone is Tone.OVERDUE and live.text.startswith("-")


def test_a_dangerous_verb_asks_once_more(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, SUPERVISOR)
    pane = open_one(screen, qtbot, "task", 41)
    typed = form(screen, qtbot, "cancel")
    typed.set_values({"reason": "重复"})
    typed.submit()
    assert pane.row.state == "open" and "确认" in typed.submit_button.text()
    typed.submit()
    qtbot.waitUntil(lambda: joint_id(41) not in screen.place.joint.picture.tasks)


def test_a_task_leads_to_where_it_came_from(screen, qtbot):
    pane = open_one(screen, qtbot, "task", 41)
    wanted = []
    screen.matter_wanted.connect(lambda entity, number: wanted.append((entity, number)))
    link = next(value for name, value in facts_of(pane) if name.text() == "来自会商")
    assert link.text() == f"打开 {screen.place.joint.picture.meetings[joint_id(32)].no}"
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.affair.row is not None and screen.affair.row.id == joint_id(32))
    assert screen.lists.showing == MEETINGS and wanted == []
    pane = open_one(screen, qtbot, "task", 43)
    link = next(value for name, value in facts_of(pane) if name.text() == "来自吹哨")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert wanted == [("summons", joint_id(11))]


@pytest.mark.parametrize(("number", "named", "no"), [(4, "来自吹哨", " CS-"), (22, "来自联合执法令", " LH-"),
                                                      (99, "来自吹哨或令", "")])  # over, and out of sight
def test_a_task_names_the_whistle_or_the_order_it_comes_from(screen, city, qtbot, number, named, no):
    town_of(city).put(task(47, "清运", "区城管委", "东城区", at(18), summons_id=joint_id(number)))
    screen.place.joint.reload()
    qtbot.waitUntil(lambda: joint_id(47) in screen.place.joint.picture.tasks)
    pane = open_one(screen, qtbot, "task", 47)
    link = next(value for name, value in facts_of(pane) if name.text() == named)
    assert link.text().startswith(f"打开{no}")


# ------------------------------------------------------------ opening
def test_a_meeting_is_called_from_the_keyboard(screen, city, qtbot):
    qtbot.keyClick(screen, Qt.Key.Key_B, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: screen.opening.form is not None)
    typed = screen.opening.form
    typed.submit()
    assert [typed.error_of(code) for code in ("title", "meet_at", "units")] == ["请填写此项"] * 3
    units = [unit_of(screen, "公安分局"), unit_of(screen, "区住建委")]
    typed.set_values({"title": "地锁清理", "meet_at": "2026-12-01T09:00:00+08:00", "units": units, "place": "三楼"})
    typed.submit()
    qtbot.waitUntil(lambda: screen.affair.row is not None and screen.affair.row.title == "地锁清理")
    made = screen.affair.row
    assert [unit for unit, _ in made.attendees] == units and screen.opening.form is None
    assert screen.lists.showing == MEETINGS


def test_a_task_is_given_with_a_leaders_name(screen, qtbot):
    screen.lists.show_tab(TASKS)
    screen.begin_new()
    qtbot.waitUntil(lambda: screen.opening.form is not None)
    typed = screen.opening.form
    typed.set_values({"title": "核查地锁", "unit_id": unit_of(screen, "区住建委"), "leader": "张副区长",
                      "due": "2026-12-01T18:00:00+08:00"})
    typed.submit()
    qtbot.waitUntil(lambda: screen.affair.row is not None and screen.affair.row.title == "核查地锁")
    assert screen.affair.row.leader == "张副区长" and screen.lists.showing == TASKS


def test_what_is_typed_is_kept_when_the_form_is_left(screen, qtbot):
    screen.begin_new()
    qtbot.waitUntil(lambda: screen.opening.form is not None)
    screen.opening.form.set_values({"title": "地锁清理"})
    screen.opening.form._on_changed("title")
    number = screen.opening.form.command_id
    screen.step_back()
    assert screen.opening.form is None
    screen.begin_new()
    qtbot.waitUntil(lambda: screen.opening.form is not None)
    assert screen.opening.form.values()["title"] == "地锁清理" and screen.opening.form.command_id == number


def test_who_may_not_call_has_no_button(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, HOUSING)
    assert not screen.new_button.isVisible()
    screen.begin_new()
    assert screen.opening.form is None and "您的岗位不能召集会商" in texts(screen)[0]


# ------------------------------------------------------------ the ledger
@pytest.fixture
def ledger(make_place, city, qtbot):
    """ledger(who): the screen with a forced closure on it that a whistle of 天坛 is over for, and one without."""
    cases = [record.row for record in city.records.values()][:2]
    for row in cases:
        street = next(org.id for org in city.directory.orgs.values() if org.short_name == "天坛")
        record = city.records[row.id]
        record.row = replace(row, state="force_closed", open=False, on_ledger=True, street_id=street, deadline=None)

    def opened(who=LEADER):
        town = town_of(city)
        town.put(summons(61, "积存垃圾", "天坛", (lane(1, "区城管委", "signed"),), state="rating", closed_at=at(11),
                         cases=(cases[0].id,)))
        screen = open_affairs(make_place, qtbot, city, who, evening=False)
        screen.lists.show_tab(LEDGER)
        qtbot.waitUntil(lambda: len(shown(screen)) == 2)
        return screen, cases
    return opened


def test_the_ledger_says_which_whistle_clears_a_case(ledger, qtbot):
    screen, (cleared, waiting) = ledger()
    model = screen.lists.table.model()
    column = next(c for c in model.columns if c.key == "whistle")
    assert column.text(model.value(cleared.id)).startswith("可销账")
    assert column.text(model.value(waiting.id)) == "未吹哨"
    screen.show_one(model.value(waiting.id))
    qtbot.waitUntil(lambda: screen.ledger.complete)
    assert screen.ledger._said.text() == "还没有为它吹哨。" and not screen.ledger.clear_button.isVisible()


def test_the_streets_head_clears_it_by_writing_the_result_alone(ledger, city, qtbot):
    screen, (case, _) = ledger()
    screen.lists.table.set_current(case.id)
    qtbot.keyClick(screen.lists.table, ENTER)
    qtbot.waitUntil(lambda: screen.ledger.clear_button.isVisible())
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: screen.ledger.form is not None)
    assert list(screen.ledger.form._editors) == ["result"]
    assert screen.ledger.clearing.no in screen.ledger.form.title.text()
    screen.ledger.form.set_values({"result": "吹哨后清理"})
    screen.ledger.form.submit()
    qtbot.waitUntil(lambda: not city.records[case.id].row.on_ledger)
    qtbot.waitUntil(lambda: case.id not in shown(screen))
    assert any("已销账" in text for text in texts(screen))


def test_the_words_of_a_clearing_are_kept_when_its_form_is_left(ledger, qtbot):
    screen, (case, _) = ledger()
    screen.show_one(screen.lists.table.model().value(case.id))
    qtbot.waitUntil(lambda: screen.ledger.clear_button.isVisible())
    for _ in range(2):
        screen.ledger.begin_clearing()
        qtbot.waitUntil(lambda: screen.ledger.form is not None)
        if screen.ledger.form.values():
            break
        screen.ledger.form.set_values({"result": "清理了一半"})
        screen.ledger.form._on_changed("result")
        screen.step_back()
    assert screen.ledger.form.values() == {"result": "清理了一半"}


def test_a_whistle_is_begun_for_all_that_are_chosen(ledger, qtbot):
    screen, cases = ledger()
    wanted = []
    screen.wanted_whistle.connect(wanted.append)
    screen.lists.table.select_keys([case.id for case in cases])
    assert screen.new_button.text() == "为所选吹哨 2 件"
    qtbot.keyClick(screen, Qt.Key.Key_B, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert [set(ids) for ids in wanted] == [{case.id for case in cases}]


def test_who_may_not_whistle_or_clear_is_offered_neither(ledger, qtbot):
    screen, (case, _) = ledger(person(9, "v0001", ("verifier", "东城区")))
    screen.show_one(screen.lists.table.model().value(case.id))
    qtbot.waitUntil(lambda: screen.ledger.complete)
    assert not screen.ledger.clear_button.isVisible() and not screen.ledger.whistle_button.isVisible()
    assert not screen.new_button.isVisible()


# ------------------------------------------------------------ states
def test_while_it_is_read_and_when_it_cannot_be_read_the_list_says_so(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city)
    place = screen.place
    place.backend.session.joint_queries.door.order(Busy("数据库忙"))
    pane = screen.affair
    pane.show_affair(place.joint.picture.meetings[joint_id(31)])
    qtbot.waitUntil(lambda: pane._stack.currentWidget() is pane._error)
    pane._error.action_triggered.emit()
    qtbot.waitUntil(lambda: pane.file is not None and pane._stack.currentWidget() is pane._body)


def test_without_a_connection_nothing_is_sent(screen, qtbot):
    pane = open_one(screen, qtbot, "meeting", 31)
    screen.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: not screen.place.live.online)
    unit = unit_of(screen, "公安分局")
    assert not pane.attendees.button(f"到会 {unit}").isEnabled()
    pane.begin(next(s for s in pane.steps if s.action.code == "attend"))
    assert "连接已断开" in texts(screen)[0] and dict(pane.row.attendees)[unit] == "invited"


def test_a_refusal_is_told_and_leaves_the_row(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, POLICE)
    pane = open_one(screen, qtbot, "meeting", 31)
    screen.place.backend.session.joint_commands.door.order(NotFound("没有这个会商，或它不在您的范围内"))
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: any("未能确认参会" in text for text in texts(screen)))
    assert dict(pane.row.attendees)[unit_of(screen, "公安分局")] == "invited"


def test_nothing_open_says_what_would_be_here(make_place, city, qtbot):
    screen = open_affairs(make_place, qtbot, city, evening=False)
    assert screen.lists.state_now().kind is StateKind.EMPTY
    screen.lists.show_tab(TASKS)
    assert "整改" in screen.lists.state_now().hint


def test_one_that_is_not_in_sight_is_said(screen, run, qtbot):
    assert run(screen.open_affair("task", 999)) is False
    assert run(screen.open_affair("task", joint_id(43))) is True
    assert screen.lists.showing == TASKS and screen.affair.row.id == joint_id(43)


def test_a_whistle_among_the_ledgers_is_opened_elsewhere(ledger, qtbot):
    screen, (case, _) = ledger()
    wanted = []
    screen.matter_wanted.connect(lambda entity, number: wanted.append((entity, number)))
    screen.show_one(screen.lists.table.model().value(case.id))
    qtbot.waitUntil(lambda: screen.ledger.whistles is not None and screen.ledger._list.count() == 1)
    screen.ledger._list.itemAt(0).widget().click()
    assert wanted == [("summons", screen.ledger.whistles[0].id)]
    assert screen.ledger.whistles[0].kind == WHISTLE


# ------------------------------------------------------------ in the window
@pytest.fixture
def window(make_place, qapp, qtbot, tmp_path, city):
    the_evening(city)
    preferences = Preferences(tmp_path)
    place = make_place(city, SUPERVISOR)
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    made.activateWindow()
    place.live.begin()
    qtbot.waitUntil(lambda: made.desk.complete and place.joint.ready, timeout=10_000)
    return made


def test_words_open_each_list_each_number_and_each_form(window, qtbot):
    for word, tab in (("挂账", LEDGER), ("交办", TASKS), ("会商", MEETINGS)):
        window.verbs.run(word)
        assert window.shown.objectName() == "affairs" and window.shown.lists.showing == tab
    window.verbs.run("ZG-0043")
    qtbot.waitUntil(lambda: window.shown.affair.row is not None and window.shown.affair.row.id == joint_id(43))
    with pytest.raises(VerbError, match="没有 JB-9"):
        window.verbs.run("JB-9")
    window.verbs.run("召集会商")
    qtbot.waitUntil(lambda: window.shown.opening.form is not None)


def test_words_act_on_the_one_that_is_open(window, qtbot):
    window.verbs.run("JB-42")
    qtbot.waitUntil(lambda: window.shown.objectName() == "affairs" and window.shown.affair.file is not None)
    with pytest.raises(VerbError, match="不能延期"):
        window.verbs.run("延期")
    window.verbs.run("退回重办")
    qtbot.waitUntil(lambda: window.shown.affair.form.form is not None)
    window.shown.step_back()
    window.verbs.run("下一步")
    qtbot.waitUntil(lambda: joint_id(42) not in window.place.joint.picture.tasks)
    window.verbs.run("关闭")
    assert window.shown.affair.row is None


def test_a_reminder_of_a_meeting_opens_it_here(window, qtbot):
    window.reminders.matter_wanted.emit("meeting", joint_id(31))
    qtbot.waitUntil(lambda: window.shown.objectName() == "affairs" and window.shown.affair.file is not None)
    assert window.shown.affair.row.id == joint_id(31)


def test_a_whistle_for_the_ledger_is_drafted_on_the_board(window, city, qtbot):
    case = next(iter(city.records.values())).row
    window.affairs_screen().wanted_whistle.emit((case.id,))
    assert window.shown.objectName() == "whistle" and window.shown.composer is not None
    qtbot.waitUntil(lambda: window.shown.composer.form is not None)
    assert window.shown.composer.form.summons().cases == (case.id,)
