"""通报 of the month: reached from the figures, by key and by word; what each says, where it leads, and as a file."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.joint import Bulletin
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import DAY, the_evening
from tests.fakes.joint_rows import at, joint_id, task
from tests.fakes.joint_town import town_of
from tests.fakes.session import person
from tests.qt.ui.whistle_board import SUPERVISOR, elsewhere, open_board, open_card, row_of, texts
from ui.models.joint_bulletins import rectification
from ui.screens.whistle import bulletin_list
from widgets.live_table import StateKind
from widgets.live_table import row_painter as painting
from widgets.tones import Tone

ENTER, ESC, CONTROL = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ControlModifier
FAULTS = ("未响应", "迟响应", "未报到", "到场不作为", "整改中")


def publish(town, number, kind, unit, state="open", due=None, when=None, **more):
    """One more, of the whistle 雨水管线错接混接."""
    due = at(18) + 3 * DAY if due is None else due
    town.put(task(number + 500, "通报整改", unit, "东城区", due, source="rectification", state=state,
                  open=state in ("open", "reported"), summons_id=joint_id(11), party_no=2))
    town.bulletins.append(Bulletin(
        joint_id(number), f"TB-20250618-{number:04d}", kind, joint_id(11), town.summons[joint_id(11)].row.no, 2,
        org_id(unit), f"{unit}：{kind}", when or at(9), False, joint_id(number + 500), state, due,
        more.get("revoked_at")))


@pytest.fixture
def town(city):
    found = the_evening(city)
    publish(found, 51, "late_response", "区水务局", "reported")
    publish(found, 52, "absent", "公安分局", "done")
    publish(found, 53, "no_response", "区住建委", "cancelled", revoked_at=at(13))
    publish(found, 54, "absent", "区应急局", when=at(9) - 31 * DAY, due=at(18) - 20 * DAY)
    return found


@pytest.fixture
def screen(make_place, qtbot, city, town, monkeypatch):
    monkeypatch.setattr(bulletin_list, "_SETTLE_MS", 20)
    return open_board(make_place, qtbot, city, evening=False)


def pane(screen):
    return screen.list.bulletins


def listed(screen):
    return [row.id % 1000 for row in pane(screen).listed()]


def shown(screen, qtbot, wanted):
    qtbot.waitUntil(lambda: pane(screen).ready and listed(screen) == wanted)


def cell(screen, number, key):
    column = next(c for c in pane(screen).table.model().columns if c.key == key)
    return column, pane(screen).table.model().value(joint_id(number))


def refuse_once(screen):
    """The next question for bulletins fails."""
    queries = screen.place.backend.session.joint_queries

    def refused(*_args):
        del queries.bulletins
        raise ServerUnavailable("数据库没有回应")

    queries.bulletins = refused


# ------------------------------------------------------------ how one comes to it
def test_button_key_and_chip_show_the_months_bulletins_newest_first(screen, qtbot):
    screen.scores.published.click()
    shown(screen, qtbot, [53, 52, 51, 44])
    assert screen.list._title.text() == "通报" and screen.list._detail.text().startswith("2025-06 · 4 条 · 撤销 1")
    assert not screen.list.table.isVisible() and screen.list.published.property("active")
    qtbot.keyClick(screen, ESC)
    assert screen.list.showing == "待我办理" and screen.list.table.isVisible() and not pane(screen).isVisible()
    qtbot.keyClick(screen, Qt.Key.Key_3, CONTROL)
    shown(screen, qtbot, [53, 52, 51, 44])
    assert pane(screen).table.hasFocus()
    qtbot.keyClick(screen, Qt.Key.Key_2, CONTROL)
    assert screen.list.showing == "已归档"
    screen.list.published.click()
    assert screen.list.showing == "通报"


@pytest.mark.parametrize(("word", "wanted"), [("未响应", [53, 44]), ("未报到", [52]), ("整改中", [51, 44, 54])])
def test_each_figure_under_the_scores_opens_its_own(screen, qtbot, word, wanted):
    button = screen.scores._faults[FAULTS.index(word)]
    assert button.isEnabled() and button.text().startswith(word) and (word != "整改中" or button.text() == "整改中 3")
    button.click()
    shown(screen, qtbot, wanted)
    assert screen.list._title.text() == f"通报 · {word}" and word in screen.list.fault.text()
    screen.list.fault.select(None)
    shown(screen, qtbot, [53, 52, 51, 44])


def test_a_whistle_that_is_open_makes_room_for_them(screen, qtbot):
    open_card(screen, qtbot, 6)
    qtbot.keyClick(screen, Qt.Key.Key_3, CONTROL)
    assert screen.opened is None
    shown(screen, qtbot, [53, 52, 51, 44])


def test_another_month_of_the_scores_has_its_own(screen, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    screen.scores.earlier.click()
    shown(screen, qtbot, [54])
    assert screen.list._detail.text().startswith("2025-05 · 1 条")


# ------------------------------------------------------------ what they say
def test_a_rectification_past_its_deadline_is_red_one_struck_off_green_and_both_say_so(screen, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    work_time, now = screen.place.work_time, screen.place.live.clock.now()
    rows = {row.id % 1000: row for row in pane(screen).listed()}
    late = rectification(rows[44], work_time, now)
    assert late.text.startswith("待办 超期 0") and late.tone is Tone.OVERDUE
    assert rectification(rows[52], work_time, now) == replace(late, text="已销号", tone=Tone.OK)
    assert rectification(rows[51], work_time, now) == replace(late, text="待销号", tone=Tone.NORMAL)
    near = rectification(replace(rows[51], task_due=now + 3600), work_time, now)
    assert (near.text, near.tone) == ("待销号 临期", Tone.NEAR)
    assert rectification(rows[53], work_time, now).text == "已撤销"
    assert rectification(replace(rows[44], task_state=None, task_due=None), work_time, now).text == "不在您的范围"


def test_a_revoked_one_is_struck_out_and_says_since_when(screen, qtbot, monkeypatch):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    for key in ("unit", "kind", "words"):
        column, revoked = cell(screen, 53, key)
        assert column.struck(revoked) and not column.struck(cell(screen, 44, key)[1])
        assert column.tone_of(revoked) is Tone.MUTED or key == "words"
    column, revoked = cell(screen, 53, "words")
    assert "已于 06-18 13:00 撤销" in column.tooltip(revoked)
    drawn, draw = {}, painting.draw_text

    def noted(painter, rect, text, font, *more):
        drawn[text] = font.strikeOut()
        return draw(painter, rect, text, font, *more)

    monkeypatch.setattr(painting, "draw_text", noted)
    pane(screen).table._painter.clear()
    pane(screen).table.viewport().repaint()
    assert drawn["区住建委"] and not drawn["区水务局"] and not drawn["已撤销"]


def test_what_was_published_by_the_clock_says_so(screen, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    column, row = cell(screen, 44, "words")
    assert "TB-20250617-0044 由时钟自动通报" in column.tooltip(row)
    column, row = cell(screen, 51, "words")
    assert "人工通报" in column.tooltip(row)
    assert cell(screen, 44, "whistle")[0].text(row) == "哨 0011"


# ------------------------------------------------------------ where they lead
def test_enter_opens_the_whistle_and_a_click_on_the_deadline_the_rectification(screen, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    table = pane(screen).table
    table.set_current(joint_id(53))
    with qtbot.waitSignal(screen.matter_wanted) as told:
        index = table.model().index(0, table.model().column_number("left"))
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert told.args == ["task", joint_id(553)]
    qtbot.keyClick(table, ENTER)
    qtbot.waitUntil(lambda: screen.opened is not None and screen.opened.id == joint_id(11))


def test_where_what_is_to_be_put_right_is_listed_enter_opens_that(screen, qtbot):
    screen.show_bulletins("rectifying")
    shown(screen, qtbot, [51, 44, 54])
    pane(screen).table.set_current(joint_id(44))
    with qtbot.waitSignal(screen.matter_wanted) as told:
        qtbot.keyClick(pane(screen).table, ENTER)
    assert told.args == ["task", joint_id(43)]


def test_the_menu_leads_to_both_and_one_out_of_scope_to_the_whistle_alone(screen, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    row = pane(screen).table.model().value(joint_id(44))
    words = [action.text() for action in pane(screen).menu_of(row).actions() if action.text()]
    assert words == [f"打开吹哨 {row.summons_no}", "打开整改", "复制编号 TB-20250617-0044"]
    with qtbot.waitSignal(screen.matter_wanted):
        pane(screen).menu_of(row).actions()[1].trigger()
    alien = pane(screen).menu_of(replace(row, task_state=None, summons_no="LH-20250618-0021"))
    assert [action.text() for action in alien.actions() if action.text()][0] == "打开令 LH-20250618-0021"
    assert len(alien.actions()) == 3


def test_an_order_of_a_bulletin_is_opened_on_its_own_board(screen, city, town, qtbot):
    town.bulletins.append(replace(town.bulletins[0], id=joint_id(60), summons_id=joint_id(22), at=at(14),
                                  summons_no="LH-20250618-0022"))
    screen.show_bulletins()
    shown(screen, qtbot, [60, 53, 52, 51, 44])
    with qtbot.waitSignal(screen.matter_wanted) as told:
        pane(screen)._open(joint_id(60))
    assert told.args == ["summons", joint_id(22)]


# ------------------------------------------------------------ following
def test_a_bulletin_published_elsewhere_comes_and_a_rectification_that_is_done_is_seen(screen, city, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    elsewhere(city, SUPERVISOR, 11, "publish", 3, kind="absent", text="未到场")
    qtbot.waitUntil(lambda: len(listed(screen)) == 5, timeout=10_000)
    town = town_of(city)
    record = town.tasks[joint_id(551)]
    record.row = replace(record.row, state="done", open=False, events=2)
    town.tell(joint_id(551))
    qtbot.waitUntil(lambda: pane(screen).table.model().value(joint_id(51)).task_state == "done", timeout=10_000)
    assert screen.scores._faults[4].text() == "整改中 3", "one more, one less"


def test_nothing_is_asked_when_nobody_looks(screen, city, qtbot):
    screen.show_bulletins()
    shown(screen, qtbot, [53, 52, 51, 44])
    screen.step_back()
    asked, queries = [], screen.place.backend.session.joint_queries
    queries.bulletins = lambda *args: asked.append(args) or []
    elsewhere(city, SUPERVISOR, 11, "publish", 3, kind="absent", text="未到场")
    qtbot.waitUntil(lambda: row_of(screen, 11).events == 2)
    qtbot.wait(100)
    assert asked == []


# ------------------------------------------------------------ states
def test_a_month_without_any_says_so_and_one_of_a_kind_leads_to_the_whistles(screen, qtbot):
    screen.show_bulletins("no_action")
    qtbot.waitUntil(lambda: pane(screen).ready)
    state = pane(screen).table._overlays.state
    assert (state.kind, state.title, state.action_text) == (StateKind.EMPTY, "2025-06 没有到场不作为的通报",
                                                            "看到场不作为的吹哨")
    pane(screen).table.state_action.emit()
    assert screen.list.showing == "" and "到场不作为" in screen.list._title.text()
    screen.scores.go(5)
    screen.show_bulletins()
    qtbot.waitUntil(lambda: pane(screen).ready and pane(screen)._state() is not None)
    assert pane(screen)._state().title == "2025-01 没有通报"


def test_what_cannot_be_read_says_why_and_is_read_again(screen, qtbot):
    refuse_once(screen)
    screen.show_bulletins()
    assert pane(screen)._state().kind is StateKind.LOADING
    qtbot.waitUntil(lambda: pane(screen).error is not None)
    assert pane(screen)._state().kind is StateKind.ERROR and "没有回应" in pane(screen)._state().hint
    pane(screen).table.state_action.emit()
    shown(screen, qtbot, [53, 52, 51, 44])


def test_while_cut_off_it_says_so_and_comes_back_by_itself(screen, qtbot):
    session = screen.place.backend.session
    session.feed.disconnect()
    qtbot.waitUntil(lambda: screen.place.live.state.kind == "disconnected")
    refuse_once(screen)
    screen.show_bulletins()
    qtbot.waitUntil(lambda: pane(screen).error is not None)
    assert pane(screen)._state().kind is StateKind.DISCONNECTED
    session.feed.reconnect()
    shown(screen, qtbot, [53, 52, 51, 44])
    assert pane(screen)._state() is None


def test_a_unit_sees_those_of_others_without_their_rectifications(make_place, qtbot, city, town):
    police = person(4, "c0011", ("handler", "公安分局"))
    screen = open_board(make_place, qtbot, city, police, evening=False)
    screen.show_bulletins()
    qtbot.waitUntil(lambda: pane(screen).ready)
    said = {row.id % 1000: rectification(row, screen.place.work_time, at(15)).text for row in pane(screen).listed()}
    assert said[52] == "已销号" and said[51] == "不在您的范围"


# ------------------------------------------------------------ as a file
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_holds_what_is_listed_in_its_order(screen, qtbot, tmp_path, ending):
    screen.show_bulletins("no_response")
    shown(screen, qtbot, [53, 44])
    pane(screen).table.model().sort_by("no")
    target = tmp_path / f"通报.{ending}"
    screen.list.export.save(target)
    qtbot.waitUntil(lambda: any("已导出 通报" in text for text in texts(screen)))
    rows = _read(target)
    assert [row[0] for row in rows] == ["编号", "TB-20250617-0044", "TB-20250618-0053"]
    told = dict(zip(rows[0], rows[2], strict=True))
    assert (told["单位"], told["类别"], told["整改状态"], told["撤销时间"]) == (
        screen.tools.words.full(org_id("区住建委")), "未响应", "已撤销", "2025-06-18 13:00")
    assert dict(zip(rows[0], rows[1], strict=True))["通报方式"] == "自动"


def test_nothing_listed_makes_no_file(screen, qtbot):
    screen.show_bulletins("no_action")
    qtbot.waitUntil(lambda: pane(screen).ready)
    screen.list.export.ask_file("csv")
    assert texts(screen)[0].startswith("通报 2025-06 到场不作为没有可导出的内容")


def _read(path):
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]
