"""The shell: command line, live state, notices, themes, preferences, errors that are ours."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from commandcenter.domain.duty_state import DutyFault, DutyState
from commandcenter.ports import Session
from tests.fakes.session import PEOPLE, FakeSession
from ui.app.bug_report import BugReports, log_to
from ui.app.looks import Looks
from ui.app.machine import UnsuitableMachine, check_fonts, check_versions
from ui.app.preferences import Preferences, sensible_scale
from ui.app.unit_words import the_unit
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.bridge.notices import Note
from widgets.fonts import FontReport
from widgets.live_pill import LiveState
from widgets.theme import apply_theme, current_theme


@pytest.fixture
def window(make_place, city, qapp, qtbot, tmp_path):
    before = current_theme()
    preferences = Preferences(tmp_path)
    place = make_place(city)
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    place.live.begin()
    qtbot.waitUntil(lambda: made.desk.complete, timeout=10_000)
    yield made
    if current_theme() != before:
        apply_theme(qapp, before)


def number(city, place):
    rows = [r.row for r in city.records.values() if r.row.state == "filed"]
    return rows[place], rows[place].no.rpartition("-")[2].lstrip("0")


def enter(qtbot, window, text):
    window.bar.command.focus_now()
    window.bar.command.setText(text)
    qtbot.keyClick(window.bar.command, Qt.Key.Key_Return)


def test_the_verb_dispatches_the_cases_named(window, city, qtbot):
    (first, one), (second, two) = number(city, 0), number(city, 1)
    enter(qtbot, window, f"派 城管委 {one} {two}")
    qtbot.waitUntil(lambda: city.row(first.id).state == city.row(second.id).state == "dispatched")
    assert window.place.words.unit(city.row(first.id).unit_id) == "区城管委"


def test_the_verb_without_numbers_dispatches_what_is_selected(window, city, qtbot):
    chosen = window.desk.queue.table.current_key()
    enter(qtbot, window, "派 和平里")
    qtbot.waitUntil(lambda: city.row(chosen).state == "dispatched")


def test_undo_works_by_word(window, city, qtbot):
    chosen = window.desk.queue.table.current_key()
    window.verbs.run("派 和平里")
    qtbot.waitUntil(lambda: window.desk.dispatching.can_undo)
    window.verbs.run("撤销")
    qtbot.waitUntil(lambda: city.row(chosen).state == "filed")


def test_a_number_opens_its_case(window, city, qtbot):
    row = next(r.row for r in city.records.values() if r.row.state == "returned")
    enter(qtbot, window, row.no.rpartition("-")[2])
    qtbot.waitUntil(lambda: window.desk.case.file is not None and window.desk.case.file.row.id == row.id)


def test_the_name_of_a_queue_shows_it(window):
    window.verbs.run("在办")
    assert window.desk.queue.rows.queue == "running"


@pytest.mark.parametrize(("text", "said"), [
    ("派", "要派给哪个单位"), ("派 火星局", "没有单位"), ("派 区城管委 99999", "没有 99999"),
    ("飞", "没有“飞”这个命令"),
    ("主题 紫", "深色"), ("派 公", "请写全"),
])
def test_what_cannot_be_done_is_said_at_the_line(window, text, said):
    with pytest.raises(VerbError, match=said):
        window.verbs.run(text)


def test_an_error_stays_in_the_line_with_what_was_typed(window, qtbot):
    enter(qtbot, window, "派 火星局")
    assert window.bar.command.text() == "派 火星局" and "没有单位" in window.bar.command.accessibleDescription()


def test_units_complete_while_typing(window):
    assert any("区城管委" in s.title for s in window.verbs.complete("派 城管"))
    assert window.verbs.complete("派 ")[0].hint


@pytest.mark.parametrize(("word", "name"), [
    ("城管委", "区城管委"), ("和平里", "和平里"), ("市政养护", "区市政养护所"), ("hpl", "和平里"),
])
def test_a_unit_is_found_by_a_word(window, word, name):
    place = window.place
    assert the_unit(word, place.backend.directory, place.reach).short_name == name


def test_theme_and_density_change_at_once_and_are_remembered(window, tmp_path):
    window.verbs.run("主题 浅色")
    window.verbs.run("密度 紧凑")
    assert (current_theme().name, current_theme().density) == ("light", "compact")
    assert (Preferences(tmp_path).theme, Preferences(tmp_path).density) == ("light", "compact")


def test_the_pill_and_the_banner_tell_the_truth_about_the_connection(window, qtbot):
    assert window.bar.pill.state is LiveState.LIVE
    feed = window.place.backend.session.feed
    feed.disconnect("服务器没有回应")
    qtbot.waitUntil(lambda: window.banner.isVisible())
    assert window.bar.pill.state is LiveState.DISCONNECTED and "已填内容保留" in window.banner.text()
    assert not any(b.isEnabled() for b in window.desk.case.head.findChildren(QPushButton))
    feed.reconnect()
    qtbot.waitUntil(lambda: not window.banner.isVisible() and window.bar.pill.state is LiveState.LIVE)


def test_question_mark_shows_the_keys_of_the_screen(window, qtbot):
    window.desk.queue.table.setFocus()
    qtbot.keyClick(window.desk.queue.table, Qt.Key.Key_Question)
    assert window.help.isVisible()


def test_notices_are_listed_and_open_their_case(window, city, qtbot):
    row, _ = number(city, 2)
    window.place.notices.post(Note("x", "请看这件", case_id=row.id))
    assert window.bar.notices.text().startswith("通知 ")
    window._open_notices()
    window.notice_list._open(window.notice_list._list.item(0))
    qtbot.waitUntil(lambda: window.desk.case.file is not None and window.desk.case.file.row.id == row.id)
    assert window.bar.notices.text() == "通知"


def test_a_returned_case_is_announced_to_the_dispatcher(window, city, qtbot):
    from uuid import uuid4

    from commandcenter.domain.model import Command
    from tests.fakes.acting import act
    from tests.fakes.population import actor
    row = next(r.row for r in city.records.values() if r.row.state == "in_progress")
    why = {"reason": "非本单位职责", "legal_basis": "条例"}
    act(city, actor(4), Command(uuid4(), row.id, row.version, "return_case", why))
    qtbot.waitUntil(lambda: any(n.text.startswith("退回 ") for n in window.place.notices.notes()))


WARNING = "PostgreSQL 15.18 缺少安全更新"


@pytest.fixture
def warned(make_place, city, qapp, qtbot, tmp_path):
    """warned(role): a window on a session that warns."""
    def make(role, place=None):
        place = place or make_place(city, role)
        place.backend.session.warnings = (WARNING,)
        preferences = Preferences(tmp_path)
        window = MainWindow(place, Looks(qapp, preferences), preferences)
        qtbot.addWidget(window)
        window.show()
        return window
    return make


def test_a_warning_of_the_session_is_shown_once_and_not_again_when_taken_note_of(warned):
    window = warned("supervisor")
    assert window.warning.isVisible() and window.warning.text() == WARNING
    assert not warned("supervisor", window.place).warning.isVisible()
    window.warning.action_triggered.emit()
    assert not window.warning.isVisible()
    again = warned("supervisor")
    assert not again.warning.isVisible()
    assert [note.text for note in again.place.notices.notes()] == [WARNING]


def test_who_can_do_nothing_about_a_warning_finds_it_in_the_list(warned):
    window = warned("dispatcher")
    assert not window.warning.isVisible()
    assert [note.text for note in window.place.notices.notes()] == [WARNING]


def test_a_window_comes_back_to_its_monitor_and_place(window, qapp, tmp_path):
    window.setGeometry(40, 50, 1000, 700)
    window.close()
    preferences = Preferences(tmp_path)
    identity, geometry = preferences.window("dispatch")
    assert identity and geometry is not None


def test_unexpected_errors_are_logged_and_shown_in_one_dialog(qapp, qtbot, tmp_path):
    file = log_to(tmp_path)
    bugs = BugReports(file)
    for text in ("first", "second"):
        with qtbot.waitSignal(bugs.reported):
            bugs.report(RuntimeError(text))
    assert "RuntimeError: second" in file.read_text("utf-8")
    assert "2 次" in bugs._dialog._head.text()
    dialog = bugs._dialog
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    root = logging.getLogger()
    for handler in [h for h in root.handlers if getattr(h, "baseFilename", "") == str(file)]:
        root.removeHandler(handler)
        handler.close()


def test_a_version_that_would_crash_is_refused_in_words():
    with pytest.raises(UnsuitableMachine, match="6.11.2"):
        check_versions((6, 12, 0), (3, 11, 7))
    check_versions((6, 12, 0), (3, 12, 1))
    check_versions((6, 11, 2), (3, 11, 7))


def test_a_machine_without_chinese_glyphs_is_refused():
    with pytest.raises(UnsuitableMachine, match="中文字体"):
        check_fonts(FontReport("", False, "字体文件损坏"))


@pytest.mark.parametrize(("height", "ratio", "scale"), [(768, 1, 1.0), (1080, 1, 1.0), (2160, 1, 2.0), (2160, 2, 1.0)])
def test_sizes_follow_the_screen(height, ratio, scale):
    assert sensible_scale(height, ratio) == scale


def test_the_fake_session_is_a_session(city):
    session: Session = FakeSession(city, PEOPLE["dispatcher"])
    assert session.person.login


def test_it_is_said_that_nobody_does_the_duty_and_taken_back_when_somebody_does(window, city, qtbot):
    city.duty = DutyState(300.0, ())
    window.place.duty.look()
    qtbot.waitUntil(window.duty.isVisible)
    assert "5 分钟没有执行" in window.duty.text()
    city.duty = DutyState(2.0, (DutyFault("sealed", datetime(2026, 3, 2, tzinfo=UTC), ""),))
    window.place.duty.look()
    qtbot.waitUntil(lambda: "留痕封存失败" in window.duty.text())
    city.duty = DutyState(2.0, ())
    window.place.duty.look()
    qtbot.waitUntil(lambda: not window.duty.isVisible())


def test_a_program_that_dies_without_a_word_leaves_where_it_was(tmp_path):
    dying = f"""
import ctypes
from pathlib import Path
from ui.app.bug_report import log_to
log_to(Path({str(tmp_path)!r}))
def where_it_was():
    ctypes.string_at(0)
where_it_was()
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONFAULTHANDLER"}
    assert subprocess.run([sys.executable, "-c", dying], env=environment, check=False).returncode < 0
    notes = tmp_path / "logs" / "crashes.log"
    assert "where_it_was" in notes.read_text() and notes.stat().st_mode & 0o077 == 0
