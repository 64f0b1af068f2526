"""Scores, bulletins and the archive of whistles come from the replica; what is open comes from the primary."""

from __future__ import annotations

import pytest

from tests.integration.whistle.lanes import Whistles
from tests.support.standby import Standby
from tests.support.town import TEMPLATE, Town

pytestmark = pytest.mark.database
EVER = (0.0, 4e9)


def test_reports_on_whistles_come_from_the_replica(capital: Town, standby: Standby, open_session) -> None:
    whistles = Whistles(capital)
    number = whistles.to("archived")
    whistles.sql("update cc.summons_party set response = 'late' where summons_id = %s and no = 1", number)
    whistles.lane("supervisor", number, "publish", 1, kind="late_response", text="迟响应")
    done = "update cc.task set open = false, state = 'done', closed_at = cc.city_now() where summons_id = %s"
    whistles.sql(done, number)
    standby.catch_up()
    plain = capital.session("supervisor").joint_queries
    session = open_session("t_supervisor", standby.url(TEMPLATE))
    for ask in (
        lambda q: q.archived("whistle", None, 10), lambda q: q.unit_scores(*EVER), lambda q: q.bulletins(*EVER),
        lambda q: q.scored_lanes(capital.org("D-CG"), *EVER), lambda q: q.closed_tasks(None, 10),
    ):  # fmt: skip
        session.reader.state = None
        assert ask(session.joint_queries) == ask(plain) != []
        assert session.reader.state.source == "replica" and not session.reader.state.alone


def test_what_is_open_and_one_file_come_from_the_primary(capital: Town, standby: Standby, open_session) -> None:
    session = open_session("t_supervisor", standby.url(TEMPLATE))
    with standby.paused():
        number = Whistles(capital).issued()
        queries = session.joint_queries
        assert [row.id for row in queries.joint([number]).summons] == [number]
        assert number in {row.id for row in queries.open_joint().summons}
        file = queries.summons_file(number)
        assert file.row.state == "issued" and queries.summons_by_no(file.row.no) == file.row
        assert session.reader.state is None
