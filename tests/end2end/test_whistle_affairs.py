"""会商督办: a meeting called, attended and decided; its task done with proof by the unit, and struck off."""

from __future__ import annotations

from pathlib import Path

from tests.end2end.conftest import OpenDesk
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import CLERK, STREET_HEAD, ProgramHome

TITLE, TASK = "Cellar clearing", "Clear the cellar"


def test_a_meeting_decides_and_its_task_is_done_with_proof(
    home: ProgramHome, open_desk: OpenDesk, tmp_path: Path
) -> None:
    head, clerk = open_desk("--user", STREET_HEAD), open_desk("--user", CLERK)
    head.ready(), clerk.ready()
    at.go_to(head, at.AFFAIRS)
    calls(head)
    meeting = newest(home, "meeting")
    at.press(head, "到会")
    at.begin(head, "形成议定事项")
    head.write("Clear within a week.")
    at.send(head)
    head.hears("已形成议定事项")
    assigns(head)
    task = newest(home, "task")
    clerk.hears("提醒", task)
    at.open_number(clerk, task)
    reports(clerk, at.photo(tmp_path))
    strikes_off(head, task)
    assert [step for step in trace(home, task) if step[0] != "attach"] == [
        ("assign", STREET_HEAD), ("report", CLERK), ("accept", STREET_HEAD)]  # fmt: skip
    assert [action for action, _ in trace(home, meeting)][:3] == ["call", "attend", "hold"]
    assert home.scalar("select state from cc.task where no = %s", task) == "done"


def newest(home: ProgramHome, table: str) -> str:
    """The number of the last one made."""
    return str(home.scalar(f"select no from cc.{table} order by id desc limit 1"))


def trace(home: ProgramHome, number: str) -> list[tuple[str, str]]:
    """Action and login, in order."""
    told = home.scalar(
        "select jsonb_agg(jsonb_build_array(e.action, e.actor_login) order by e.seq) from cc.joint_event e"
        " join (select id, no from cc.meeting union all select id, no from cc.task) m on m.id = e.entity_id"
        " where m.no = %s", number)  # fmt: skip
    return [(action, login) for action, login in told]


def calls(head: Desk) -> None:
    """召集会商 by keyboard: subject, time, one unit."""
    head.screen.key("ctrl+shift+b")
    head.until(lambda: at.writing(head))
    head.write(TITLE)
    at.fill(head, "时间", "+1h")
    at.choose(head, "参会单位", "cgw")
    at.says(head, "东城区城市管理委员会 ×")
    at.send(head)
    at.verb(head, "到会")


def assigns(head: Desk) -> None:
    """交办 to the unit that came."""
    at.begin(head, "交办")
    at.fill(head, "事项", TASK)
    at.fill(head, "时限", "+2h")
    at.send(head)
    head.hears("已交办")


def reports(clerk: Desk, picture: Path) -> None:
    """The result; without proof it is refused."""
    at.begin(clerk, "反馈结果")
    clerk.write("Cellar is empty.")
    at.add_file(clerk, picture)
    at.send(clerk)
    clerk.hears("已反馈结果")


def strikes_off(head: Desk, task: str) -> None:
    """The head sees it without asking, and strikes it off."""
    at.open_number(head, task)
    at.says(head, "Cellar is empty.")
    at.press(head, "销号")
    head.hears("已销号")
