"""Login: one clear sentence for each failure, the keyboard alone is enough, the last user is remembered."""

import pytest
from PySide6.QtCore import Qt
from shiboken6 import isValid

from commandcenter.domain.errors import LoginRefused, SchemaMismatch, ServerUnavailable
from tests.fakes.session import FakeLogins
from ui.app.login import LoginWindow, SampleLogin
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.start import AppOptions, Program, run_app

SAMPLES = (SampleLogin("d0032", "right", "派遣员 王建国"),)


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path)


@pytest.fixture
def start(loop, qapp, city, tmp_path, preferences, qtbot):
    """start(options): a running program with its logins and the task of its life."""
    tasks = []

    def begin(**options):
        logins = FakeLogins(city)
        program = Program(logins, AppOptions(tmp_path, **options), preferences, Looks(qapp, preferences))
        task = loop.create_task(program.run())
        tasks.append((program, task))
        qtbot.waitUntil(lambda: program.login is not None or bool(program.windows))
        return program, logins, task
    yield begin
    for program, task in tasks:
        if program.login is not None:
            program.login.close()
        program._end(again=False)
        qtbot.waitUntil(task.done, timeout=10_000)


def type_in(qtbot, login, user, password):
    login.user.setText(user)
    login.password.setText(password)
    qtbot.keyClick(login.password, Qt.Key.Key_Return)


@pytest.mark.parametrize("error", [
    LoginRefused("用户名或密码不对"), LoginRefused("该账号已停用，请联系管理员"),
    ServerUnavailable("找不到数据库服务器"),
    SchemaMismatch("数据库比本程序旧，请管理员升级"), SchemaMismatch("数据库比本程序新，请更新本程序"),
])
def test_each_failure_is_said_in_its_own_words(start, qtbot, error):
    program, logins, _ = start()
    logins.door.order(error)
    type_in(qtbot, program.login, "d0032", "right")
    qtbot.waitUntil(lambda: program.login.notice.isVisible())
    assert program.login.notice.text() == error.message
    assert program.login.user.text() == "d0032" and program.login.enter.isEnabled()


def test_a_right_password_opens_the_desk_and_the_name_is_remembered(start, preferences, qtbot):
    program, logins, _ = start()
    type_in(qtbot, program.login, "d0032", "right")
    qtbot.waitUntil(lambda: bool(program.windows) and program.windows[0].desk.complete, timeout=10_000)
    assert preferences.last_user == "d0032" and program.login is None


def test_the_last_user_stands_in_the_field(start, preferences):
    preferences.last_user = "s0001"
    program, _, _ = start()
    assert program.login.user.text() == "s0001"


def test_empty_fields_are_asked_for(qtbot):
    login = LoginWindow("东城区")
    qtbot.addWidget(login)
    login.show()
    login.submit()
    assert login.notice.text() == "请输入用户名和密码"


def test_a_sample_login_is_taken_by_the_keyboard(qtbot):
    login = LoginWindow("东城区", samples=SAMPLES)
    qtbot.addWidget(login)
    login.show()
    login.list.setCurrentRow(0)
    with qtbot.waitSignal(login.submitted) as sent:
        qtbot.keyClick(login.list, Qt.Key.Key_Return)
    assert sent.args == ["d0032", "right"]


def test_with_user_and_password_the_window_is_passed_over(start, qtbot):
    program, logins, _ = start(user="d0032", password="right")
    qtbot.waitUntil(lambda: len(program.windows) == 1)
    assert len(logins.opened) == 1


def test_closing_the_login_ends_the_program(start, qtbot):
    program, _, task = start()
    program.login.close()
    qtbot.waitUntil(task.done)
    assert task.result() == 0


def test_two_windows_stand_on_one_session_and_the_last_one_closed_ends_it(start, qtbot):
    program, logins, task = start(user="d0032", password="right")
    qtbot.waitUntil(lambda: len(program.windows) == 1)
    program.windows[0].window_wanted.emit()
    assert len(program.windows) == 2 and len(logins.opened) == 1
    program.windows[0].close()
    assert not task.done()
    program.windows[0].close()
    qtbot.waitUntil(task.done, timeout=10_000)
    assert logins.opened[0].closed


def test_logging_out_asks_for_another_login(start, qtbot):
    program, logins, _ = start(user="d0032", password="right")
    qtbot.waitUntil(lambda: len(program.windows) == 1)
    program.windows[0].verbs.run("注销")
    qtbot.waitUntil(lambda: program.login is not None and program.login.isVisible(), timeout=10_000)
    assert logins.opened[0].closed


def test_a_closed_window_leaves_the_other_one_working(start, city, qtbot):
    program, logins, _ = start(user="d0032", password="right")
    qtbot.waitUntil(lambda: len(program.windows) == 1)
    program.windows[0].window_wanted.emit()
    first, second = program.windows
    qtbot.waitUntil(lambda: second.desk.complete, timeout=10_000)
    first.close()
    qtbot.waitUntil(lambda: not isValid(first))
    case_id = next(r.row.id for r in city.records.values() if r.row.state == "filed")
    second.verbs.run("刷新")
    second.desk.open_case(case_id)
    second.verbs.run("派 区城管委")
    qtbot.waitUntil(lambda: city.row(case_id).state == "dispatched")
    qtbot.waitUntil(lambda: second.desk.queue.rows.model.row_of(case_id) is None)


def test_a_screen_that_does_not_exist_is_refused_in_words(qapp, city, tmp_path, capsys):
    assert run_app(FakeLogins(city), AppOptions(tmp_path, screen="nowhere")) == 2
    assert "dispatch" in capsys.readouterr().err
