"""A reminder reaches its addressees through gateway and feed, and leaves all their screens when one acknowledges."""

import uuid
from collections.abc import Callable

import pytest

from commandcenter.domain.errors import NotFound
from commandcenter.domain.notices import ESCALATION, NEAR_LIMIT, OVERDUE
from db.gateways import notices as gateway
from tests.integration.feed.conftest import Listener
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
Listen = Callable[[str], Listener]


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town)


def remind(hands: Hands, case: int, kind: str = NEAR_LIMIT, role: str = "handler", org: str | None = "D-CG") -> None:
    hands.sql(
        "select cc.remind(c, %s, %s, %s, '办理临期', cc.city_now()) from cc.cases c where id = %s",
        kind, role, hands.org(org) if org else None, case,
    )  # fmt: skip


def test_the_gateway_tells_a_reminder_as_it_is(town: Town, hands: Hands) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case)
    (notice,) = town.session("cg").notices.open_notices()
    row = town.row(case)
    assert (notice.case_id, notice.case_no, notice.kind, notice.words) == (case, row.no, NEAR_LIMIT, "办理临期")
    assert (notice.to_role, notice.to_org, notice.mine) == ("handler", hands.org("D-CG"), True)
    assert (notice.due, notice.clock) == (row.deadline, row.clock)
    assert abs(notice.made_at - hands.sql("select extract(epoch from cc.city_now())::float8")) < 60


def test_a_supervisor_sees_others_reminders_after_his_own(town: Town, hands: Hands) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case, kind=ESCALATION, role="supervisor", org=None)
    remind(hands, case, kind=OVERDUE)
    seen = town.session("supervisor").notices.open_notices()
    assert [(n.kind, n.to_role, n.mine) for n in seen] == [
        (ESCALATION, "supervisor", True), (OVERDUE, "handler", False),
    ]  # fmt: skip


def test_those_asked_for_come_back_while_they_are_open(town: Town, hands: Hands) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case)
    mine = town.session("cg").notices
    (notice,) = mine.open_notices()
    assert mine.notices([notice.id, notice.id + 1]) == [notice]
    assert mine.notices([]) == []
    assert mine.acknowledge(uuid.uuid4(), [notice.id]) == [notice.id]
    assert mine.notices([notice.id]) == []
    assert mine.acknowledge(uuid.uuid4(), [notice.id]) == []


def test_anothers_is_refused_in_words(town: Town, hands: Hands) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case)
    number = hands.sql("select max(id) from cc.notice")
    with pytest.raises(NotFound, match="不是发给您的"):
        town.session("ga").notices.acknowledge(uuid.uuid4(), [number])


def test_the_list_has_an_end_and_keeps_ones_own(town: Town, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case, kind=ESCALATION, role="supervisor", org=None)
    remind(hands, case, kind=OVERDUE)
    monkeypatch.setattr(gateway, "MOST", 1)
    (kept,) = town.session("supervisor").notices.open_notices()
    assert kept.mine


def test_who_may_read_is_worked_out_once_a_query_and_not_once_a_row(town: Town, hands: Hands) -> None:
    case = Paths(hands).to("in_progress")
    remind(hands, case)
    with town.psql("supervisor").cursor() as cursor:
        cursor.execute("explain (costs off) select id from cc.notice where closed_at is null")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("hashed SubPlan") == 2, plan


def test_the_feed_brings_a_reminder_and_takes_it_away(town: Town, hands: Hands, listen: Listen) -> None:
    case = Paths(hands).to("in_progress")
    unit, other = listen("cg"), listen("ga")
    remind(hands, case)
    number = hands.sql("select max(id) from cc.notice")
    unit.until(lambda: any(number in batch.notices for batch in unit.batches))
    told = len(unit.batches)
    town.session("cg").notices.acknowledge(uuid.uuid4(), [number])
    unit.until(lambda: any(number in batch.notices for batch in unit.batches[told:]))
    assert not any(batch.notices for batch in other.batches)
