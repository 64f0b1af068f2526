"""The server goes away under an open desk and comes back: nothing typed is lost, and the picture is right again."""

import os
import signal

import pytest

from db import embedded
from tests.end2end.conftest import OpenDesk
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome

TYPED = "Dian hua he shi guo le."


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk("--user", DISPATCHER)


def kill_server(home: ProgramHome) -> None:
    """What the kernel does when memory runs out: the postmaster ends at once, the data as they are."""
    pid = embedded.status(home.path).pid
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)


def typed(desk: Desk) -> bool:
    """Whether what was typed still stands in the form on the screen."""
    form = desk.state()["form"]
    return bool(form and form["shown"] and form["values"].get("text") == TYPED and desk.widgets(text=TYPED))


def test_a_stopped_server_costs_no_word_and_the_picture_comes_right_again(home: ProgramHome, desk: Desk) -> None:
    case_id = home.filed()
    desk.ready()
    desk.pick(case_id)
    desk.shows(case_id)
    desk.click("补充说明")
    desk.until(lambda: (form := desk.state()["form"]) and form["shown"])
    desk.until(lambda: desk.writing())
    desk.write(TYPED)
    desk.until(lambda: typed(desk))

    home.figures("db", "stop")
    desk.until(lambda: desk.state()["live"]["kind"] == "disconnected")
    assert "已断开 · 自 " in desk.state()["live"]["pill"]
    assert "自动重连" in desk.until(lambda: desk.state()["banner"])
    desk.screen.key("ctrl+Return")
    assert "不会丢失" in desk.until(lambda: desk.state()["form"]["said"])
    assert typed(desk)

    home.figures("db", "start")
    came_in = home.filed("断线期间来的案件")
    desk.row(came_in)
    desk.until(lambda: desk.state()["live"]["kind"] == "live" and not desk.state()["banner"])
    assert typed(desk)
    desk.screen.key("ctrl+Return")
    desk.until(lambda: desk.state()["form"] is None)
    assert home.events(case_id)[-1] == ("note", DISPATCHER)


def test_a_killed_server_is_started_again_by_the_program_that_runs(home: ProgramHome, desk: Desk) -> None:
    case_id = home.filed()
    desk.ready()
    desk.row(case_id)
    kill_server(home)
    desk.until(lambda: desk.state()["live"]["kind"] == "disconnected")
    desk.until(lambda: desk.state()["live"]["kind"] == "live" and not desk.state()["banner"])
    assert embedded.status(home.path).running
    desk.pick(case_id)
    desk.drag(case_id, home.unit())
    desk.hears("已派")
    assert home.state(case_id) == "dispatched"
