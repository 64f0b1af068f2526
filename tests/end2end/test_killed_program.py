"""The program is killed while somebody types: the next start says so, and the words are in the form again."""

import os
import signal

from tests.end2end.conftest import OpenDesk
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome

TYPED = "Dian hua he shi dao yi ban."


def begin_note(desk: Desk, case_id: int) -> None:
    desk.ready()
    desk.pick(case_id)
    desk.shows(case_id)
    desk.click("补充说明")
    desk.until(lambda: (form := desk.state()["form"]) and form["shown"])


def test_words_typed_in_an_action_survive_the_programs_death(home: ProgramHome, open_desk: OpenDesk) -> None:
    case_id = home.filed()
    desk = open_desk("--user", DISPATCHER)
    begin_note(desk, case_id)
    desk.until(lambda: desk.writing())
    desk.write(TYPED)
    kept = home.path / "drafts" / f"{DISPATCHER}.json"
    desk.until(lambda: kept.exists() and TYPED in kept.read_text("utf-8"))
    os.kill(desk.process.pid, signal.SIGKILL)
    desk.process.wait(30)
    again = open_desk("--user", DISPATCHER)
    again.hears("没有提交", "补充说明")
    begin_note(again, case_id)
    assert again.until(lambda: again.state()["form"]["values"].get("text")) == TYPED
    again.screen.key("ctrl+Return")
    again.until(lambda: again.state()["form"] is None)
    assert home.events(case_id)[-1] == ("note", DISPATCHER)
    again.until(lambda: TYPED not in kept.read_text("utf-8"))
