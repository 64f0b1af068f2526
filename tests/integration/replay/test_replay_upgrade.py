"""A city that worked before replays: from its upgrade on every moment comes back, of what was open already too."""

from __future__ import annotations

import pytest

from db.schema_files import read_sql
from db.upgrade import upgrade
from tests.integration.meeting.table import Table
from tests.integration.replay.recorder import Recorder
from tests.support.clocks import pass_time, travel
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
BACK = """drop table cc.joint_past, cc.replay_start;
drop index cc.cases_closed, cc.ledger_cleared, cc.summons_archived, cc.meeting_closed, cc.task_closed;
alter table cc.case_event drop column became;
drop type cc.case_image"""


def _upgrade_again(town: Town) -> None:
    """Migration 0010 over all that has happened, as if it had not been there; later ones stay."""
    with town.owner.begin() as connection:
        run = connection.exec_driver_sql
        run("set local search_path = cc, pg_temp")
        run(read_sql("clear.sql"))
        run(BACK)
        run("set local role cc_owner")
        run(read_sql("tables/0010_replay.sql"))
    upgrade(town.owner)


def test_from_the_upgrade_on_everything_comes_back(town: Town, recorder: Recorder) -> None:
    table = Table(town)
    travel(table, "2026-11-23 09:00")
    paths = Paths(table)
    waiting, suspended, cleared = (paths.to(state, citizen=False) for state in ("filed", "suspended", "force_closed"))
    whistle, meeting, task = table.to("acting"), table.call(), table.assign()
    pass_time(table, minutes=1)
    _upgrade_again(town)
    upgraded = float(table.sql("select extract(epoch from cc.city_now())::float8"))
    recorder.write("supervisor", "cg", "leader")
    pass_time(table, minutes=1)
    table.act("dispatcher", waiting, "dispatch", unit_id=table.org("D-CG"))
    table.act("supervisor", suspended, "resume")
    table.act("leader", cleared, "clear_ledger", document_no=paths.whistled(cleared), result="已协调解决")
    table.forward(whistle, 1, "done")
    pass_time(table, minutes=1)
    recorder.write("cg")
    for then in recorder.moments:
        now = recorder.replayed(then.who, then.at)
        assert now.cases == then.cases and now.joint == then.joint
    assert {waiting, suspended, cleared} <= recorder.moments[0].cases.keys()
    assert {whistle, meeting, task} <= recorder.moments[0].joint.keys()
    since = town.session("supervisor").replay.limits().since
    assert upgraded - 60 < since <= upgraded
