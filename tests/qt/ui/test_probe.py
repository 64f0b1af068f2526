"""The probe of whole-program tests: only when asked for, only for the same user, and it tells no password."""

import json
import stat
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ui.app.login import LoginWindow
from ui.app.probe import VARIABLE, Probe, watched
from widgets.theme import apply_theme, load_theme


@pytest.fixture
def program(qapp, qtbot):
    apply_theme(qapp, load_theme("dark", "normal", 1.0))
    login = LoginWindow("示范区", "wang")
    qtbot.addWidget(login)
    login.show()
    qtbot.waitExposed(login)
    return SimpleNamespace(windows=[], login=login)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "probe"


@pytest.fixture
def ask(program, path, qtbot):
    """ask(question): the answer as JSON."""
    parent = QObject()
    Probe(program, str(path), parent)
    line = QLocalSocket(parent)
    line.connectToServer(str(path))
    assert line.waitForConnected(5000)

    def asked(question):
        line.write((question + "\n").encode())
        qtbot.waitUntil(line.canReadLine)
        return json.loads(bytes(line.readLine().data()))

    yield asked
    line.disconnectFromServer()
    parent.deleteLater()


def test_it_is_off_unless_a_path_is_named(program, path, monkeypatch, qapp):
    monkeypatch.delenv(VARIABLE, raising=False)
    before = len(qapp.findChildren(QLocalServer))
    assert watched(program) is program
    assert len(qapp.findChildren(QLocalServer)) == before


def test_only_the_same_user_may_ask(ask, path):
    mode = path.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) & 0o077 == 0


def test_it_tells_what_is_said_and_where_but_no_password(ask, program):
    program.login.password.setText("geheim")
    told = ask('{"ask": "widgets", "class": "QLineEdit"}')["widgets"]
    assert {one["text"] for one in told} == {"wang", ""}
    assert all(one["rect"] for one in told)
    assert ask('{"ask": "state"}')["login"]["user"] == "wang"
    assert "geheim" not in json.dumps(ask('{"ask": "widgets"}'))


@pytest.mark.parametrize("question", ["rubbish", "[]", "{}", '{"ask": "quit"}', '{"ask": {}}'])
def test_a_question_it_does_not_know_is_answered_so(ask, question):
    assert "error" in ask(question)


def test_without_a_desk_there_are_no_rows_and_no_cards(ask):
    assert ask('{"ask": "rows"}') == {"rows": []}
    assert ask('{"ask": "cards"}') == {"cards": []}
