"""会商 between two people: called on one desk, said on the other, opened from the reminder, confirmed by a key."""

import re
from uuid import uuid4

from commandcenter.domain.joint import NewMeeting
from tests.end2end.conftest import OpenDesk
from tests.support.desk import Desk
from tests.support.program import CLERK, SUPERVISOR, ProgramHome

STATE = "select a.state from cc.meeting_attendee a where a.meeting_id = %s"


def texts(desk: Desk) -> list[str]:
    return [widget["text"] for widget in desk.ask("widgets")["widgets"]]


def test_a_unit_hears_of_a_meeting_opens_it_and_confirms(home: ProgramHome, open_desk: OpenDesk) -> None:
    desk = open_desk("--user", CLERK)
    desk.ready()
    session = home.session(SUPERVISOR)
    district = session.person.duties[0].org_id
    in_two_hours = float(home.scalar("select extract(epoch from cc.city_now() + interval '2 hours')"))
    called = session.joint_commands.call_meeting(
        NewMeeting(uuid4(), district, "架空线入地排期", in_two_hours, (home.unit(),), place="三楼会议室")
    )
    number = called.entity_id

    assert re.search(r"请确认参会", desk.hears("提醒", "会商", "看提醒"))
    desk.screen.key("F8")
    desk.until(lambda: desk.widgets(**{"class": "ReminderPanel"}))
    desk.screen.key("Return")
    desk.until(lambda: desk.widgets(**{"class": "AffairPane"}) and "架空线入地排期" in texts(desk))
    desk.until(lambda: "待确认" in texts(desk) or "确认参会" in texts(desk))
    desk.screen.key("F2")
    desk.until(lambda: home.scalar(STATE, number) == "confirmed")
    open_ones = "select count(*) from cc.notice where entity_id = %s and kind = 'to_attend' and closed_at is null"
    desk.until(lambda: home.scalar(open_ones, number) == 0)
    desk.until(lambda: any("已确认 1/1" in text for text in texts(desk)) or "请假" in texts(desk))
