"""提醒 of meetings, tasks and lanes as the client reads them."""

import uuid

import pytest

from tests.integration.meeting.table import Table
from tests.support.town import Town

pytestmark = pytest.mark.database


def test_a_reminder_of_a_matter_names_it_and_its_lane(shared_town: Town, table: Table) -> None:
    meeting, task, whistle = table.call(), table.assign(), table.issued()
    found = {(n.entity, n.entity_id): n for n in shared_town.session("cg").notices.open_notices()}
    call = found["meeting", meeting]
    no = table.row_of("meeting", meeting)["no"]
    assert (call.case_id, call.case_no, call.kind, call.mine, call.matter) == (None, no, "to_attend", True, "会商")
    assert (call.party_no, call.to_org, call.clock) == (None, table.unit("D-CG"), "hours")
    assert call.due == pytest.approx(table.row_of("meeting", meeting)["meet_at"].timestamp())
    assert found["task", task].matter == "交办"
    assert (found["summons", whistle].matter, found["summons", whistle].party_no) == ("吹哨", 1)


def test_one_without_a_limit_has_none(shared_town: Town, table: Table) -> None:
    number = table.reported()
    notices = shared_town.session("supervisor").notices
    one = next(n for n in notices.open_notices() if n.entity_id == number)
    assert (one.kind, one.due, one.matter) == ("to_verify", None, "交办")
    assert notices.acknowledge(uuid.uuid4(), [one.id]) == [one.id]
    assert notices.notices([one.id]) == []
