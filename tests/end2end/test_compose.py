"""吹哨 and 联合执法 with a real mouse and real keys: what the database holds afterwards."""

from __future__ import annotations

from typing import Any

from tests.end2end.conftest import OpenDesk
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome

SUPERVISOR = "z0001"
_NEWEST = """
select jsonb_build_object(
    'kind', s.kind, 'state', s.state, 'title', d.title, 'place', d.place, 'scenario', s.scenario,
    'caller', (select o.kind from cc.org o where o.id = s.caller_id),
    'cases', (select coalesce(jsonb_agg(c.case_id order by c.case_id), '[]') from cc.summons_case c
               where c.summons_id = s.id),
    'units', (select count(*) from cc.summons_party p where p.summons_id = s.id),
    'called', (select count(*) from cc.summons_party p where p.summons_id = s.id and p.confirm_due is not null))
  from cc.summons s join cc.summons_detail d on d.summons_id = s.id order by s.id desc limit 1"""


def wait_for_sheet(desk: Desk, verb: str) -> None:
    desk.until(lambda: desk.widgets(text=verb))
    desk.until(lambda: at.writing(desk))


def scenario(desk: Desk, initials: str, follows: str) -> None:
    """The list's first by its initials, until what the scenario calls is in sight."""
    desk.write(initials)
    desk.screen.key("Return")
    desk.until(lambda: desk.widgets(text=follows))


def tab(desk: Desk, times: int) -> None:
    for _ in range(times):
        desk.screen.key("Tab")
    desk.until(lambda: at.writing(desk))


def test_cases_dropped_on_the_whistle_card_become_a_whistle_of_their_street(
    home: ProgramHome, open_desk: OpenDesk
) -> None:
    cases = sorted(home.filed("井盖移位，行人绊倒") for _ in range(2))
    desk = open_desk("--user", DISPATCHER)
    desk.ready()
    desk.pick(*cases)
    desk.drag(cases[0], "whistle")  # type: ignore[arg-type]
    wait_for_sheet(desk, "提交签批")
    scenario(desk, "wzjg", "✓ 兜底责任")  # 无主井盖与无主管线
    desk.screen.key("ctrl+Return")
    desk.hears("吹哨 CS-", "已提交签批")
    made: dict[str, Any] = home.scalar(_NEWEST)
    assert (made["kind"], made["state"], made["caller"]) == ("whistle", "draft", "street")
    assert (made["cases"], made["scenario"]) == (cases, "D01")
    assert (made["units"], made["called"]) == (3, 0)


def test_a_supervisor_calls_a_joint_order_by_keyboard_alone(home: ProgramHome, open_desk: OpenDesk) -> None:
    desk = open_desk("--user", SUPERVISOR)
    desk.ready()
    desk.screen.key("Escape")
    desk.screen.key("j")
    wait_for_sheet(desk, "签发并召集")
    desk.write("night market")
    tab(desk, 1)
    scenario(desk, "zdjy", "✓ 综合执法")
    tab(desk, 3)  # over category and level, which the scenario has filled in
    desk.write("23:58")  # tomorrow's, if today's is over
    tab(desk, 9)  # over four quick choices, the end and its three
    desk.write("Guijie east")
    desk.screen.key("ctrl+Return")
    desk.hears("联合执法令 LH-", "已发出")
    made: dict[str, Any] = home.scalar(_NEWEST)
    assert (made["kind"], made["state"], made["caller"]) == ("order", "issued", "district")
    assert (made["title"], made["place"], made["scenario"]) == ("night market", "Guijie east", "Z02")
    assert made["units"] == made["called"] == 4
