"""A case runs out of time: the duty reminds the dispatcher on the open desk, who takes it on from the keyboard."""

from contextlib import closing

from tests.end2end.conftest import OpenDesk
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome

OPEN = "select count(*) from cc.notice where case_id = %s and closed_at is null"
RUNS_OUT = "update cc.case_stage set warn_at = cc.city_now() where case_id = %s and ended_at is null"


def bell(desk: Desk) -> str:
    return next((w["text"] for w in desk.ask("widgets")["widgets"] if w["name"] == "bell"), "")


def test_what_runs_out_is_on_the_screen_and_is_taken_on_by_a_key(home: ProgramHome, open_desk: OpenDesk) -> None:
    case_id = home.filed()
    desk = open_desk("--user", DISPATCHER)
    desk.ready()
    with closing(home.owner()) as owner, owner.cursor() as cursor:
        cursor.execute(RUNS_OUT, (case_id,))
    desk.hears("提醒", "派遣环节临期", "看提醒")
    assert desk.until(lambda: bell(desk)).startswith(("▲ 提醒", "⚠ 提醒"))
    assert home.scalar(OPEN, case_id) == 1

    desk.screen.key("F8")
    desk.until(lambda: desk.widgets(**{"class": "ReminderPanel"}))
    desk.screen.key("space")
    desk.until(lambda: home.scalar(OPEN, case_id) == 0)
    assert home.events(case_id)[-1] == ("acknowledge", DISPATCHER)
    desk.until(lambda: any(w["text"].startswith("已确认 1 条") for w in desk.ask("widgets")["widgets"]))
    assert home.state(case_id) == "filed"
    desk.screen.key("Escape")
    desk.until(lambda: not desk.widgets(**{"class": "ReminderPanel"}))
